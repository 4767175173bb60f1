# Program 3 of 5. A matrix product is a dot product for every row, and for every rule.
import torch

X = torch.tensor([[1, 0.5], [2, 1], [3, 0.5], [4, 2]])
y = torch.tensor([2.5, 5, 6.5, 10])
w = torch.tensor([3.0, 1.0])
# Three rules, a column each: today's, the trained one, one that counts tokens only.
W = torch.tensor([[3, 2, 2.5], [1, 1, 0]])


def listed(numbers):
    return "[" + ", ".join(f"{x:g}" for x in numbers) + "]"


predictions = X @ w
errors = predictions - y
everything = X @ W

print(f"predictions  {listed(predictions.tolist())}")
print(f"errors       {listed(errors.tolist())}")
print(f"loss         {errors.square().mean().item()}")
print(f"X · W shape  {listed(everything.shape)}")
for i, row in enumerate(everything.tolist()):
    print(f"request {i + 1}    {listed(row)}")

three = torch.tensor([3.0, 1.0, 2.0])  # a weight too many
try:
    X @ three
except RuntimeError:  # PyTorch words it in its own way
    print(f"refused      shapes {listed(X.shape)} and {listed(three.shape)} do not fit")
