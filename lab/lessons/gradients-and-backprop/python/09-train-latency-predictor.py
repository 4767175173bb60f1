# Program 9 of 11. Learn from a small table: the same loop as program 4, on tensors. The gradient is still written by
# hand: the rows' contributions, summed and divided by their number.
import math

import torch

# Prompt blocks of a hundred tokens, and the queue delay, of four requests.
X = torch.tensor([[1, 0.5], [2, 1], [3, 0.5], [4, 2]], dtype=torch.float64)
y = torch.tensor([2.5, 5, 6.5, 10], dtype=torch.float64)
n = len(y)
rate = 0.03
w = torch.zeros(2, dtype=torch.float64)


def rounded(numbers, places):
    return "[" + ", ".join(f"{round(x, places):g}" for x in numbers.tolist()) + "]"


print("step       loss  weights")
for step in range(101):
    errors = X @ w - y
    loss = errors.square().mean().item()
    gradient = X.T @ errors * (2 / n)  # (2/n)·Xᵀ·errors

    if step in (0, 1, 10, 100):
        print(f"{step:4}  {loss:9.6f}  {rounded(w, 4)}")

    # The guard: a loss or a gradient that is no longer a number must not reach the weights.
    finite = math.isfinite(loss) and all(math.isfinite(slope) for slope in gradient.tolist())
    if not finite:
        print(f"stopped at step {step}: loss {loss}, gradient {gradient.tolist()}")
        break

    w = w - rate * gradient

print(f"learned      {rounded(w, 4)}")
print(f"predictions  {rounded(X @ w, 3)}")
