# Program 1 of 5. The same numbers as a list, as a table and as a stack of tables:
# what a shape says of each.
import torch

# Prompt in hundreds of tokens, and the queue delay in seconds, of four requests.
X = torch.tensor([[1, 0.5], [2, 1], [3, 0.5], [4, 2]])
w = torch.tensor([3.0, 1.0])  # seconds per hundred tokens; seconds per second of delay
y = torch.tensor([2.5, 5, 6.5, 10])  # seconds that each response took
week = torch.stack([X] * 7)  # seven days with the same four requests


def shape(sizes):
    return "[" + ", ".join(f"{size:g}" for size in sizes) + "]"


print(f"table X      {shape(X.shape)}")
print(f"third row    {shape(X[2].tolist())}")
print(f"weights w    {shape(w.shape)}")
print(f"seconds y    {shape(y.shape)}")
print(f"their sum    {shape(y.sum().shape)}")
print(f"a week       {shape(week.shape)}")
print(f"its numbers  {week.numel()}")
