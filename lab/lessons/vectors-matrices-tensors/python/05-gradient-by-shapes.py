# Program 5 of 5. The gradient of all weights over all rows is one product:
# 2/n · Xᵀ · errors.
import torch

rows = [[1, 0.5], [2, 1], [3, 0.5], [4, 2]]
seconds = [2.5, 5, 6.5, 10]
X = torch.tensor(rows, dtype=torch.float64)
y = torch.tensor(seconds, dtype=torch.float64)
w = torch.tensor([3, 1], dtype=torch.float64, requires_grad=True)
n = len(rows)

errors = X @ w.detach() - y

# As in the first lesson: every row adds its error times each of its features.
by_rows = [0, 0]
for features, error in zip(rows, errors.tolist()):
    for k, feature in enumerate(features):
        by_rows[k] += 2 / n * error * feature

# The same in one line.
gradient = X.T @ errors * (2 / n)

(X @ w - y).square().mean().backward()


def listed(numbers):
    return "[" + ", ".join(f"{x:g}" for x in numbers) + "]"


print(f"shape of Xᵀ       {listed(X.T.shape)}")
print(f"shape of errors   {listed(errors.shape)}")
print(f"row by row        {listed(by_rows)}")
print(f"one product       {listed(gradient.tolist())}")
print(f"autograd          {listed(w.grad.tolist())}")
