# The Worker in workerd, on this machine: the files below "origin" are its ASSETS.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "worker", worker = .worker),
    (name = "origin", disk = (path = "origin")),
  ],
  sockets = [(name = "http", address = "127.0.0.1:8787", http = (), service = "worker")],
);

const worker :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "ort-wasm-simd-threaded.wasm", wasm = embed "ort-wasm-simd-threaded.wasm"),
  ],
  compatibilityDate = "2026-11-01",
  bindings = [
    (name = "ASSETS", service = "origin"),
    (name = "RETHINK_SIGNING_KEY", fromEnvironment = "RETHINK_SIGNING_KEY"),
    (name = "RETHINK_LOG", fromEnvironment = "RETHINK_LOG"),
  ],
);
