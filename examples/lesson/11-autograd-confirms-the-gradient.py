"""The eleventh program in PyTorch: an engine that confirms itself confirms nothing.

Prints the same lines as 11-autograd-confirms-the-gradient.ts. What a real PyTorch printed is recorded beside this file
by record-torch.py.
"""

import torch

X = torch.tensor([[1, 0.5], [2, 1], [3, 0.5], [4, 2]])  # float32 is PyTorch's default too
y = torch.tensor([2.5, 5, 6.5, 10])
n = len(y)
w = torch.tensor([1.3, 1.1], requires_grad=True)


def loss_of():
    return (X @ w - y).square().mean()


def rounded(numbers):
    return [round(x, 4) for x in numbers.tolist()]


# detach() gives the same numbers without a history: the hand-written formula needs none.
errors = X @ w.detach() - y
manual = X.T @ errors * (2 / n)

loss = loss_of()
loss.backward()
first = w.grad.clone()  # .grad is added to in place, so keep a copy
agree = torch.allclose(first, manual, atol=1e-5)

print(f"loss               {loss.item():.6f}")
print(f"manual gradient    {rounded(manual)}")
print(f"first backward     {rounded(first)}")
print(f"agree              {agree}")

loss_of().backward()  # not cleared before: the new gradient is added to the old
print(f"second backward    {rounded(w.grad)}")

w.grad = None
loss_of().backward()
print(f"cleared and fresh  {rounded(w.grad)}")
