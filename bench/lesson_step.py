"""The lesson step, eager, in PyTorch on one thread; the counterpart of lesson-step.mjs."""

import json
import statistics
import time

import torch

torch.set_num_threads(1)

X = torch.tensor([[1, 0.5], [2, 1], [3, 0.5], [4, 2]])
y = torch.tensor([2.5, 5, 6.5, 10])
w = torch.tensor([0.0, 0.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.03)


def step():
    optimizer.zero_grad()
    loss = (X @ w - y).square().mean()
    loss.backward()
    optimizer.step()
    return loss


loss = step()
for _ in range(100):
    loss = step()

warmup, batch = 2_000, 2_000
for _ in range(warmup):
    step()
times = []
for _ in range(5):
    start = time.perf_counter()
    for _ in range(batch):
        step()
    times.append((time.perf_counter() - start) * 1e6 / batch)

print(json.dumps({"name": f"PyTorch {torch.__version__}", "loss": loss.item(), "us": statistics.median(times)}))
