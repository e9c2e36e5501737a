"""Two linear networks on 8x8 means of CIFAR-10's images, by least squares: true labels, and random ones.

python two_networks.py CIFAR10_FOLDER PACK

The first is exported as fixtures/README.md says: bytes in, `images` to `logits`. The second takes floats
from 0 to 1, by other names.
"""
import sys
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

folder, pack = sys.argv[1:]
records = np.concatenate(
    [np.fromfile(f"{folder}/data_batch_{k}.bin", np.uint8).reshape(-1, 3073) for k in range(1, 6)]
)
images = records[:, 1:].reshape(-1, 3, 4, 8, 4, 8).mean((3, 5)).reshape(-1, 48) / 255
features = np.hstack([images, np.ones((len(images), 1))])
true = records[:, 0]
rest = [
    helper.make_node("AveragePool", ["pixels"], ["means"], kernel_shape=[8, 8], strides=[8, 8]),
    helper.make_node("Flatten", ["means"], ["flat"]),
]
bytes_to_floats = [
    helper.make_node("Cast", ["images"], ["numbers"], to=TensorProto.FLOAT),
    helper.make_node("Div", ["numbers", "most"], ["pixels"]),
]


def export(name, labels, before, taken, kind, given, constants):
    weights = np.linalg.lstsq(features, np.eye(10)[labels], rcond=None)[0].astype(np.float32)
    graph = helper.make_graph(
        [*before, *rest, helper.make_node("Gemm", ["flat", "weights", "bias"], [given])],
        name,
        [helper.make_tensor_value_info(taken, kind, ["batch", 3, 32, 32])],
        [helper.make_tensor_value_info(given, TensorProto.FLOAT, ["batch", 10])],
        [numpy_helper.from_array(weights[:-1], "weights"), numpy_helper.from_array(weights[-1], "bias"), *constants],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    helper.set_model_props(model, {"id": name})
    onnx.save(model, f"{pack}/models/{name}/model.onnx")


most = numpy_helper.from_array(np.array(255, np.float32), "most")
export("means.true", true, bytes_to_floats, "images", TensorProto.UINT8, "logits", [most])
random = np.random.default_rng(7).integers(0, 10, len(true))
export("means.random", random, [], "pixels", TensorProto.FLOAT, "scores", [])
