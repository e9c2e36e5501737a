/** Where a libtensorflow comes from, and how one is told when it is given. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";

/**
 * Wheels with their SHA-256, for Linux on x86-64. The C library inside does not
 * depend on Python's version, so one wheel serves everybody.
 */
export const WHEELS = {
  cpu: {
    "tensorflow-cpu==2.21.0": "2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c",
  },
  gpu: {
    "tensorflow==2.21.0": "9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124",
    "nvidia-cublas-cu12==12.9.3.13":
      "d7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72",
    "nvidia-cuda-cupti-cu12==12.9.79":
      "096bcf334f13e1984ba36685ad4c1d6347db214de03dbb6eebb237b41d9d934f",
    "nvidia-cuda-nvrtc-cu12==12.9.86":
      "210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4",
    "nvidia-cuda-runtime-cu12==12.9.79":
      "25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3",
    "nvidia-cudnn-cu12==9.28.0.42":
      "9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375",
    "nvidia-cufft-cu12==11.4.1.4":
      "c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28",
    "nvidia-curand-cu12==10.3.10.19":
      "49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e",
    "nvidia-cusolver-cu12==11.7.5.82":
      "15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88",
    "nvidia-cusparse-cu12==12.5.10.65":
      "73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78",
    "nvidia-nccl-cu12==2.32.3": "bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c",
    "nvidia-nvjitlink-cu12==12.9.86":
      "e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9",
  },
};
export type Kind = keyof typeof WHEELS;

/** A requirements file with hashes: pip refuses any other bytes. */
export function requirements(kind: Kind): string {
  return Object.entries(WHEELS[kind])
    .map(([wheel, sha256]) => `${wheel} --hash=sha256:${sha256}\n`)
    .join("");
}

/** What pip must be told to fetch the pinned wheels, whatever Python runs it. */
export function pipDownload(requirementsFile: string, folder: string): string[] {
  const platforms = ["manylinux_2_27_x86_64", "manylinux_2_25_x86_64", "manylinux2014_x86_64"];
  return [
    ...["-m", "pip", "download", "--no-deps", "--require-hashes", "--only-binary=:all:"],
    ...platforms.flatMap((platform) => ["--platform", platform]),
    ...["--python-version", "3.11", "--implementation", "cp"],
    ...["-d", folder, "-r", requirementsFile],
  ];
}

/** The SHA-256 that a wheel of this file name must have, where it is one of ours. */
export function pinnedSha256(fileName: string): string | undefined {
  for (const [wheel, sha256] of Object.entries({ ...WHEELS.cpu, ...WHEELS.gpu })) {
    if (fileName.startsWith(`${wheel.replaceAll("-", "_").replace("==", "-")}-cp311-`)) {
      return sha256;
    }
  }
  return undefined;
}

export async function fileSha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}

/** A libtensorflow as it lies in a folder. */
export interface Library {
  include: string;
  /** The two shared libraries, under the names that the addon will look for. */
  main: string;
  framework: string;
  /** CUDA's libraries beside a GPU wheel's, if they are there. */
  nvidia?: string;
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

/** Finds it in an unpacked wheel, its tensorflow/ folder, or an unpacked libtensorflow tarball. */
export async function findLibrary(folder: string): Promise<Library | undefined> {
  const layouts: [root: string, main: string][] = [
    [join(folder, "tensorflow"), "libtensorflow_cc.so.2"],
    [folder, "libtensorflow_cc.so.2"],
    [folder, "lib/libtensorflow.so.2"],
  ];
  for (const [root, main] of layouts) {
    const library: Library = {
      include: join(root, "include"),
      main: join(root, main),
      framework: join(root, main, "../libtensorflow_framework.so.2"),
    };
    const wanted = [join(library.include, "tensorflow/c/c_api.h"), library.main, library.framework];
    if ((await Promise.all(wanted.map(exists))).every(Boolean)) {
      const nvidia = join(root, "../nvidia");
      return (await exists(nvidia)) ? { ...library, nvidia } : library;
    }
  }
  return undefined;
}

const HOW: Record<string, string> = {
  "python3 -m pip": "Python's pip",
  python3: "Python 3",
  "c++": "a C++ compiler",
  make: "make",
  tar: "tar",
};

/** One line with everything that is missing, or none. */
export function missingTools(
  needed: string[],
  runs: (command: string) => boolean,
): string | undefined {
  const missing = needed.filter((command) => !runs(command)).map((command) => HOW[command]);
  return missing.length > 0 ? `install ${missing.join(", ")} first` : undefined;
}
