"""Two linear networks on 8x8 means of CIFAR-10's images, by least squares: true labels, and random ones.

python two_networks.py CIFAR10_FOLDER PACK
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
for name, labels in [("means.true", true), ("means.random", np.random.default_rng(7).integers(0, 10, len(true)))]:
    weights = np.linalg.lstsq(features, np.eye(10)[labels], rcond=None)[0].astype(np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("AveragePool", ["pixels"], ["means"], kernel_shape=[8, 8], strides=[8, 8]),
            helper.make_node("Flatten", ["means"], ["flat"]),
            helper.make_node("Gemm", ["flat", "weights", "bias"], ["scores"]),
        ],
        name,
        [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["batch", 3, 32, 32])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["batch", 10])],
        [numpy_helper.from_array(weights[:-1], "weights"), numpy_helper.from_array(weights[-1], "bias")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    onnx.save(model, f"{pack}/models/{name}/model.onnx")
