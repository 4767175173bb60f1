# Program 4 of 5. Broadcasting stretches a shape until it fits: a convenience,
# and a trap that says nothing.
import torch

X = torch.tensor([[1, 0.5], [2, 1], [3, 0.5], [4, 2]])
y = torch.tensor([2.5, 5, 6.5, 10])
w = torch.tensor([2.0, 1.0])  # the trained weights: every prediction is exactly right
W = torch.tensor([[3, 2, 2.5], [1, 1, 0]])
predictions = X @ w
everything = X @ W  # a column for each of three rules


def listed(numbers):
    return "[" + ", ".join(f"{x:g}" for x in numbers) + "]"


# What is meant: half a second for the network, and an own offset for each rule.
print(f"half a second more  {listed((predictions + 0.5).tolist())}")
print(f"offset per rule     {listed((everything + torch.tensor([0.5, 1, 0])).shape)}")

# What is refused: an offset for each request does not fit columns of rules.
per_request = torch.tensor([0.1, 0.2, 0.1, 0.4])
try:
    everything + per_request
except RuntimeError:  # PyTorch words it in its own way
    shapes = f"{listed(everything.shape)} and {listed(per_request.shape)}"
    print(f"offset per request  refused: shapes {shapes} do not broadcast")

# What is silent: the same seconds as a column, one below the other.
column = y.unsqueeze(1)
right = predictions - y
wrong = predictions - column
print(f"errors              {listed(right.shape)}")
print(f"loss                {right.square().mean().item():g}")
print(f"shape of column     {listed(column.shape)}")
print(f"errors by mistake   {listed(wrong.shape)}")
print(f"loss by mistake     {wrong.square().mean().item()}")
