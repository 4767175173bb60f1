"""PyTorch's contestant, on one thread: python3 torch_peer.py '{"workload": {...}, "warm": ms, "budget": ms}'."""

import json
import math
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

task = json.loads(sys.argv[1])
workload = task["workload"]
torch.set_num_threads(1)


def uniform(stream, n):
    """The numbers of generator.mjs."""
    x = np.arange(n, dtype=np.uint32) + np.uint32(((stream + 1) * 0x9E3779B9) & 0xFFFFFFFF)
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x21F0AAAD)
    x = (x ^ (x >> np.uint32(15))) * np.uint32(0x735A2D97)
    return ((x ^ (x >> np.uint32(15))) >> np.uint32(8)).astype(np.float64) * 2.0**-24


def numbers(spec, stream):
    n = math.prod(spec["shape"])
    if "values" in spec:
        out = np.array(spec["values"], dtype=np.float32)
    elif "value" in spec:
        out = np.full(n, spec["value"], dtype=np.float32)
    elif "labels" in spec:
        out = np.floor(uniform(stream, n) * spec["labels"]).astype(np.int64)
    else:
        out = ((2 * uniform(stream, n) - 1) * spec["bound"]).astype(np.float32)
    return torch.from_numpy(out).reshape(spec["shape"])


params = [numbers(spec, k) for k, spec in enumerate(workload["params"])]
inputs = [numbers(spec, 1000 + k) for k, spec in enumerate(workload["inputs"])]


def training(model):
    own = list(model.parameters())
    assert [p.shape for p in own] == [p.shape for p in params]
    with torch.no_grad():
        for p, given in zip(own, params):
            p.copy_(given)
    optimizer = torch.optim.Adam(own, lr=workload["lr"])
    x, y = inputs
    labels = y.reshape(-1)

    def step():
        optimizer.zero_grad()
        scores = model(x)
        loss = F.cross_entropy(scores.reshape(labels.numel(), -1), labels)
        loss.backward()
        optimizer.step()
        return loss

    return step


def mlp():
    dims = workload["dims"]
    layers = []
    for i in range(len(dims) - 1):
        layers += [nn.Linear(dims[i], dims[i + 1]), nn.ReLU()]
    return training(nn.Sequential(*layers[:-1]))


def lenet():
    return training(
        nn.Sequential(
            nn.Conv2d(1, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(400, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, 10),
        )
    )


class Gru(nn.Module):
    def __init__(self):
        super().__init__()
        width, vocabulary = workload["width"], workload["vocabulary"]
        self.embedding = nn.Embedding(vocabulary, width)
        self.gru = nn.GRU(width, width)
        self.head = nn.Linear(width, vocabulary)

    def forward(self, x):
        return self.head(self.gru(self.embedding(x))[0])


class Gpt(nn.Module):
    def __init__(self):
        super().__init__()
        width, context = workload["width"], workload["context"]
        self.tokens = nn.Embedding(workload["vocabulary"], width)
        self.positions = nn.Embedding(context, width)
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(
                width,
                workload["heads"],
                4 * width,
                dropout=0.0,
                activation="gelu",
                norm_first=True,
                batch_first=True,
            )
            for _ in range(workload["layers"])
        )
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, workload["vocabulary"])
        self.mask = torch.triu(torch.full((context, context), float("-inf")), diagonal=1)

    def forward(self, x):
        h = self.tokens(x) + self.positions.weight
        for block in self.blocks:
            h = block(h, src_mask=self.mask)
        return self.head(self.norm(h))


def lesson():
    X, y = inputs
    w = params[0].requires_grad_()
    optimizer = torch.optim.SGD([w], lr=workload["lr"])

    def step():
        optimizer.zero_grad()
        loss = (X @ w - y).square().mean()
        loss.backward()
        optimizer.step()
        return loss

    return step


def plain(f):
    def step():
        with torch.no_grad():
            return f(*inputs)

    return step


builders = {
    "lesson": lesson,
    "mlp": mlp,
    "lenet": lenet,
    "gru": lambda: training(Gru()),
    "gpt": lambda: training(Gpt()),
    "chain": lambda: plain(lambda x: torch.relu(x * 2 + 1) * x),
    "chain-tanh": lambda: plain(lambda x: torch.tanh(x * 2 + 1) * x),
    "softmax": lambda: plain(lambda x: torch.softmax(x, -1)),
    "matmul": lambda: plain(lambda a, b: a @ b),
}


def read(result):
    if result.numel() == 1:
        return result.item()
    data = result.flatten()
    k = torch.arange(1000)
    return (data[(k * 7919) % data.numel()].double() * (k % 7 + 1)).sum().item()


step = builders[workload["kind"]]()
loss = float("nan")
for _ in range(workload["check"]):
    loss = read(step())


def timed(calls):
    start = time.perf_counter()
    for _ in range(calls):
        step()
    return (time.perf_counter() - start) * 1000


calls, spent, one = 1, 0.0, math.inf
while spent < task["warm"]:
    ms = timed(calls)
    spent += ms
    one = ms / calls
    if ms < 4:
        calls *= 2
calls = max(1, math.ceil(4 / one))
samples, spent = [], 0.0
while spent < task["budget"] or len(samples) < 3:
    ms = timed(calls)
    spent += ms
    samples.append(1000 * ms / calls)
samples.sort()


def at(q):
    return samples[min(len(samples) - 1, int(q * len(samples)))]


print(json.dumps({"name": f"PyTorch {torch.__version__}", "loss": loss, "us": at(0.5), "low": at(0.1), "high": at(0.9)}))
