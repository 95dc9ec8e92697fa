"""
The benchmark's networks in PyTorch or JAX: what `@couplet/engine` is compared with.

A process that lives as long as the benchmark: one JSON object a line in, one a line out, so that rounds can be
interleaved with those of other rows. It ends when its standard input does.

    peer.py --probe                      what this Python interpreter has, as JSON
    peer.py torch --threads 2            PyTorch, op by op
    peer.py torch --threads 1 --compile  PyTorch, compiled by torch.compile
    peer.py torch --processes 2          two data-parallel processes of one thread each (gloo)
    peer.py jax                          JAX, compiled by jit

Requests: {"do": "load", "network": NAME, "config": {...}, "parameters": FOLDER, "batches": [[FOLDER, ...], ...]}, for each
batch the folder of the whole and then those of its shards; {"do": "losses", "steps": N} from the initial parameters;
{"do": "time", "what": "train" or "forward", "calls": N}, where one call goes over all batches.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

RATE, EPSILON = 1e-3, 1e-7


def probe():
    """Versions of what is installed; a package that fails to load counts as missing, with the reason."""
    found = {"python": sys.version.split()[0]}
    try:
        import torch

        major = int(torch.__version__.split(".")[0])
        found["torch"] = torch.__version__
        found["compile"] = major >= 2
        found["processes"] = torch.distributed.is_available()
        found["blas"] = torch_blas(torch)
    except Exception as error:
        found["torchMissing"] = last_line(error)
    try:
        import jax

        found["jax"] = jax.__version__
    except Exception as error:
        found["jaxMissing"] = last_line(error)
    return found


def last_line(error):
    return (str(error).strip().splitlines() or [type(error).__name__])[-1][:200]


def torch_blas(torch):
    """The matrix library: MKL inside of PyTorch, or the shared library that the loader has mapped."""
    if torch.backends.mkl.is_available():
        lines = [line.strip(" -") for line in torch.__config__.show().splitlines()]
        return next((line for line in lines if "Kernel Library" in line or "oneAPI" in line), "MKL")
    torch.ones(64, 64) @ torch.ones(64, 64)
    with open("/proc/self/maps") as maps:
        paths = {line.split()[-1] for line in maps if "blas" in line}
    return describe_openblas(sorted(paths)) or ", ".join(sorted(map(os.path.basename, paths)))


def describe_openblas(paths):
    import ctypes

    for path in paths:
        try:
            library = ctypes.CDLL(path)
            library.openblas_get_config.restype = ctypes.c_char_p
            library.openblas_get_corename.restype = ctypes.c_char_p
            version = library.openblas_get_config().decode().split()[:2]
            return f"{' '.join(version)}, {library.openblas_get_corename().decode()} kernels"
        except (OSError, AttributeError):
            continue
    return None


def read_arrays(folder):
    """Named numpy arrays of a folder that the benchmark wrote."""
    import numpy

    with open(os.path.join(folder, "index.json")) as file:
        index = json.load(file)
    data = numpy.fromfile(os.path.join(folder, "data.bin"), dtype=numpy.uint8)
    return {
        name: data[entry["from"] : entry["to"]].view(entry["type"]).reshape(entry["shape"]).copy()
        for name, entry in index.items()
    }


class TorchPeer:
    """The networks as a user of PyTorch would write them; parameters and batches stay in memory as tensors."""

    def __init__(self, options):
        import torch

        self.torch = torch
        torch.set_num_threads(options.threads)
        self.processes, self.rank, self.compile = options.processes, options.rank, options.compile
        if self.processes > 1:
            torch.distributed.init_process_group(
                "gloo",
                init_method="file://" + options.meeting,
                rank=self.rank,
                world_size=self.processes,
            )
        self.case = None

    def load(self, request):
        torch = self.torch
        if self.compile:
            torch._dynamo.reset()
        arrays = read_arrays(request["parameters"])
        # The whole of a batch, or this process's shard of it.
        files = [each[self.rank + 1 if self.processes > 1 else 0] for each in request["batches"]]
        self.case = case = {
            "initial": {name: torch.from_numpy(array) for name, array in arrays.items()},
            "batches": [self.batch(folder) for folder in files],
            "forward": getattr(self, request["network"]),
            "config": request["config"],
        }
        self.restart(case)

    def batch(self, folder):
        torch = self.torch
        tensors = {name: torch.from_numpy(array) for name, array in read_arrays(folder).items()}
        return {
            name: tensor.long() if tensor.dtype == torch.int32 else tensor
            for name, tensor in tensors.items()
        }

    def restart(self, case):
        """Initial parameters, a new optimiser: the same first losses whatever ran before."""
        torch = self.torch
        case["parameters"] = {
            name: tensor.clone().requires_grad_(True) for name, tensor in case["initial"].items()
        }
        forward, config = case["forward"], case["config"]

        def statistics(parameters, batch):
            return self.statistics(forward(parameters, batch, config), batch)

        def outputs(parameters, batch):
            return forward(parameters, batch, config)

        if self.compile:
            # One graph for each shape: recompiling for symbolic shapes would be slower to run.
            torch._dynamo.config.cache_size_limit = 64
            statistics = torch.compile(statistics, dynamic=False)
            outputs = torch.compile(outputs, dynamic=False)
        case["statistics"], case["outputs"] = statistics, outputs
        leaves = list(case["parameters"].values())
        # The fused kernel is the fastest, where there is one for the CPU.
        version = tuple(int(part) for part in torch.__version__.split(".")[:2])
        fused = {"fused": True} if version >= (2, 4) else {}
        case["optimiser"] = torch.optim.Adam(leaves, lr=RATE, eps=EPSILON, **fused)

    def statistics(self, outputs, batch):
        return batch["weights"] @ (outputs - batch["target"]).abs()

    def step(self, case, batch):
        torch = self.torch
        case["optimiser"].zero_grad(set_to_none=True)
        parameters = case["parameters"]
        statistics = case["statistics"](parameters, batch)
        is_log = case["config"]["loss"] == "log"
        totals = statistics
        if self.processes > 1:
            # The exact loss of the whole batch: the totals first, then every shard weighs its own sums by them.
            totals = statistics.detach().clone()
            torch.distributed.all_reduce(totals)
        loss = torch.log(totals + 1e-9).mean() if is_log else totals.sum()
        if self.processes == 1:
            loss.backward()
        else:
            slope = 1 / (totals.numel() * (totals + 1e-9)) if is_log else torch.ones_like(totals)
            statistics.backward(slope)
            self.add_gradients(parameters)
        case["optimiser"].step()
        return loss.item()

    def add_gradients(self, parameters):
        """One message with all gradients: faster than DistributedDataParallel's buckets at this size."""
        torch = self.torch
        flat = torch.cat([tensor.grad.flatten() for tensor in parameters.values()])
        torch.distributed.all_reduce(flat)
        start = 0
        for tensor in parameters.values():
            tensor.grad = flat[start : start + tensor.numel()].view(tensor.shape)
            start += tensor.numel()

    def losses(self, request):
        case = self.case
        self.restart(case)
        batches = case["batches"]
        return [self.step(case, batches[i % len(batches)]) for i in range(request["steps"])]

    def once(self, request):
        case = self.case
        if request["what"] == "train":
            for batch in case["batches"]:
                self.step(case, batch)
            return
        with self.torch.no_grad():
            for batch in case["batches"]:
                case["outputs"](case["parameters"], batch)
        if self.processes > 1:
            self.torch.distributed.barrier()

    def dense(self, parameters, x, name):
        return self.torch.addmm(parameters[name + "/bias"], x, parameters[name + "/weight"])

    def graphTransformer(self, parameters, batch, config):
        torch = self.torch
        silu = torch.nn.functional.silu
        width, heads = config["width"], config["heads"]
        graphs, atoms = batch["mask"].shape[0], batch["mask"].shape[-1]
        size = width // heads
        norm = lambda x, name: torch.nn.functional.layer_norm(
            x, (width,), parameters[name + "/scale"], parameters[name + "/shift"], 1e-5
        )
        dense = lambda x, name: self.dense(parameters, x, name)
        h = dense(batch["atoms"], "atoms")
        pairs = silu(dense(batch["pairs"], "pairs"))
        for index in range(config["layers"]):
            layer = f"layer-{index}"
            z = norm(h, layer + "/norm-attention")
            parts = dense(z, layer + "/query-key-value").view(graphs, atoms, 3, heads, size)
            query, key, value = parts.permute(2, 0, 3, 1, 4).unbind(0)
            bias = dense(pairs, layer + "/pair-bias").view(graphs, atoms, atoms, heads)
            scores = query @ key.transpose(-1, -2) * size**-0.5 + bias.permute(0, 3, 1, 2)
            weights = torch.softmax(scores + batch["mask"], -1)
            mixed = (weights @ value).permute(0, 2, 1, 3).reshape(graphs * atoms, width)
            h = h + dense(mixed, layer + "/attention-output")
            z = norm(h, layer + "/norm-feed-forward")
            h = h + dense(silu(dense(z, layer + "/expand")), layer + "/contract")
        first, second = h[batch["first"]], h[batch["second"]]
        read = torch.cat([first + second, first * second, batch["pairs"][batch["pairRows"]]], 1)
        return dense(silu(dense(read, "read-hidden")), "read-output")

    def messagePassing(self, parameters, batch, config):
        torch = self.torch
        silu = torch.nn.functional.silu
        width = config["width"]
        dense = lambda x, name: self.dense(parameters, x, name)
        source, target, edges = batch["sources"], batch["targets"], batch["edges"]
        h = dense(batch["atoms"], "atoms")
        for _ in range(config["steps"]):
            ends = [h.index_select(0, source), h.index_select(0, target), edges]
            hidden = silu(dense(torch.cat(ends, 1), "message-hidden"))
            messages = silu(dense(hidden, "message-output"))
            received = torch.zeros(h.shape[0], width).index_add(0, target, messages)
            input_reset, input_update, input_new = dense(received, "gru-input").chunk(3, 1)
            state_reset, state_update, state_new = dense(h, "gru-state").chunk(3, 1)
            reset = torch.sigmoid(input_reset + state_reset)
            update = torch.sigmoid(input_update + state_update)
            new = torch.tanh(input_new + reset * state_new)
            h = new + update * (h - new)
        graphs = torch.zeros(batch["target"].shape[0], width).index_add(0, batch["graphs"], h)
        return dense(silu(dense(graphs, "read-hidden")), "read-output")


class JaxPeer:
    """The same networks in JAX: one jitted function for a training step, one for the outputs."""

    def __init__(self, options):
        import jax

        self.jax = jax
        self.case = None

    def load(self, request):
        jax = self.jax
        arrays = read_arrays(request["parameters"])
        forward = getattr(self, request["network"])
        config = request["config"]

        def loss(parameters, batch):
            errors = abs(forward(parameters, batch, config) - batch["target"])
            totals = batch["weights"] @ errors
            return jax.numpy.log(totals + 1e-9).mean() if config["loss"] == "log" else totals.sum()

        def step(state, batch):
            parameters, first, second, count = state
            value, gradients = jax.value_and_grad(loss)(parameters, batch)
            count = count + 1
            tree = jax.tree_util.tree_map
            first = tree(lambda m, g: 0.9 * m + 0.1 * g, first, gradients)
            second = tree(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradients)
            rate, correction = RATE / (1 - 0.9**count), 1 / (1 - 0.999**count)
            update = lambda p, m, v: p - rate * m / (EPSILON + jax.numpy.sqrt(v * correction))
            return (tree(update, parameters, first, second), first, second, count), value

        files = [each[0] for each in request["batches"]]
        batches = [{k: jax.numpy.asarray(v) for k, v in read_arrays(f).items()} for f in files]
        self.case = {
            "initial": arrays,
            "batches": batches,
            # The old state is given up, so that it is updated in place.
            "step": jax.jit(step, donate_argnums=0),
            "outputs": jax.jit(lambda parameters, batch: forward(parameters, batch, config)),
        }
        self.restart(self.case)

    def restart(self, case):
        numpy = self.jax.numpy
        fresh = lambda make: {name: make(array) for name, array in case["initial"].items()}
        case["state"] = (
            fresh(lambda array: numpy.array(array)),
            fresh(lambda array: numpy.zeros(array.shape)),
            fresh(lambda array: numpy.zeros(array.shape)),
            numpy.zeros(()),
        )

    def losses(self, request):
        case = self.case
        self.restart(case)
        losses = []
        for index in range(request["steps"]):
            batch = case["batches"][index % len(case["batches"])]
            case["state"], loss = case["step"](case["state"], batch)
            losses.append(float(loss))
        return losses

    def once(self, request):
        case = self.case
        for batch in case["batches"]:
            if request["what"] == "train":
                case["state"], loss = case["step"](case["state"], batch)
                loss.block_until_ready()
            else:
                case["outputs"](case["state"][0], batch).block_until_ready()

    def dense(self, parameters, x, name):
        return x @ parameters[name + "/weight"] + parameters[name + "/bias"]

    def graphTransformer(self, parameters, batch, config):
        jax, numpy = self.jax, self.jax.numpy
        silu = jax.nn.silu
        width, heads = config["width"], config["heads"]
        graphs, atoms = batch["mask"].shape[0], batch["mask"].shape[-1]
        size = width // heads
        dense = lambda x, name: self.dense(parameters, x, name)

        def norm(x, name):
            centred = x - x.mean(-1, keepdims=True)
            variance = (centred * centred).mean(-1, keepdims=True)
            scaled = centred * jax.lax.rsqrt(variance + 1e-5)
            return scaled * parameters[name + "/scale"] + parameters[name + "/shift"]

        h = dense(batch["atoms"], "atoms")
        pairs = silu(dense(batch["pairs"], "pairs"))
        for index in range(config["layers"]):
            layer = f"layer-{index}"
            z = norm(h, layer + "/norm-attention")
            parts = dense(z, layer + "/query-key-value").reshape(graphs, atoms, 3, heads, size)
            query, key, value = parts.transpose(2, 0, 3, 1, 4)
            bias = dense(pairs, layer + "/pair-bias").reshape(graphs, atoms, atoms, heads)
            scores = query @ key.swapaxes(-1, -2) * size**-0.5 + bias.transpose(0, 3, 1, 2)
            weights = jax.nn.softmax(scores + batch["mask"], -1)
            mixed = (weights @ value).transpose(0, 2, 1, 3).reshape(graphs * atoms, width)
            h = h + dense(mixed, layer + "/attention-output")
            z = norm(h, layer + "/norm-feed-forward")
            h = h + dense(silu(dense(z, layer + "/expand")), layer + "/contract")
        first, second = h[batch["first"]], h[batch["second"]]
        read = [first + second, first * second, batch["pairs"][batch["pairRows"]]]
        return dense(silu(dense(numpy.concatenate(read, 1), "read-hidden")), "read-output")

    def messagePassing(self, parameters, batch, config):
        jax, numpy = self.jax, self.jax.numpy
        silu = jax.nn.silu
        dense = lambda x, name: self.dense(parameters, x, name)
        source, target, edges = batch["sources"], batch["targets"], batch["edges"]
        h = dense(batch["atoms"], "atoms")
        for _ in range(config["steps"]):
            ends = numpy.concatenate([h[source], h[target], edges], 1)
            messages = silu(dense(silu(dense(ends, "message-hidden")), "message-output"))
            received = jax.ops.segment_sum(messages, target, h.shape[0])
            input_reset, input_update, input_new = numpy.split(dense(received, "gru-input"), 3, 1)
            state_reset, state_update, state_new = numpy.split(dense(h, "gru-state"), 3, 1)
            reset = jax.nn.sigmoid(input_reset + state_reset)
            update = jax.nn.sigmoid(input_update + state_update)
            new = numpy.tanh(input_new + reset * state_new)
            h = new + update * (h - new)
        graphs = jax.ops.segment_sum(h, batch["graphs"], batch["target"].shape[0])
        return dense(silu(dense(graphs, "read-hidden")), "read-output")


def answer(peer, request):
    if request["do"] == "load":
        return peer.load(request)
    if request["do"] == "losses":
        return peer.losses(request)
    # The first call is not timed: it brings this process's data back into the caches.
    peer.once(request)
    times = []
    for _ in range(request["calls"]):
        start = time.perf_counter()
        peer.once(request)
        times.append(1000 * (time.perf_counter() - start))
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("framework", nargs="?", choices=["torch", "jax"])
    parser.add_argument("--probe", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--rank", type=int, default=0, help="set by the first process for the others")
    parser.add_argument("--meeting", help="file where data-parallel processes find each other; set likewise")
    options = parser.parse_args()
    if options.probe:
        print(json.dumps(probe()))
        return
    others = []
    if options.processes > 1 and options.rank == 0:
        options.meeting = os.path.join(tempfile.mkdtemp(), "meeting")
        shared = sys.argv[1:] + ["--meeting", options.meeting]
        for rank in range(1, options.processes):
            command = [sys.executable, os.path.abspath(__file__), *shared, "--rank", str(rank)]
            others.append(
                subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
            )
    peer = (TorchPeer if options.framework == "torch" else JaxPeer)(options)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        for other in others:
            other.stdin.write(line)
            other.stdin.flush()
        try:
            print(json.dumps({"result": answer(peer, json.loads(line))}), flush=True)
        except Exception as error:
            print(json.dumps({"error": last_line(error)}), flush=True)
    for other in others:
        other.stdin.close()
        other.wait()


if __name__ == "__main__":
    main()
