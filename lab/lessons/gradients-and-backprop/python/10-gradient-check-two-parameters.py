# Program 10 of 11. Gradient checking: compare the formula written by hand with centred differences, which know
# nothing of the formula. They run the forward pass twice for every weight.
import torch

# Prompt blocks of a hundred tokens, and the queue delay, of four requests.
X = torch.tensor([[1, 0.5], [2, 1], [3, 0.5], [4, 2]], dtype=torch.float64)
y = torch.tensor([2.5, 5, 6.5, 10], dtype=torch.float64)
n = len(y)
at = [1.3, 1.1]
eps = 1e-5


def loss_at(weights):
    w = torch.tensor(weights, dtype=torch.float64)
    return (X @ w - y).square().mean().item()


errors = X @ torch.tensor(at, dtype=torch.float64) - y
manual = (X.T @ errors * (2 / n)).tolist()

numerical = []
for i in range(len(at)):
    up = loss_at([weight + eps if j == i else weight for j, weight in enumerate(at)])
    down = loss_at([weight - eps if j == i else weight for j, weight in enumerate(at)])
    numerical.append((up - down) / (2 * eps))

agree = all(abs(slope - estimate) < 1e-6 for slope, estimate in zip(manual, numerical))


def rounded(numbers):
    return "[" + ", ".join(f"{round(x, 6):g}" for x in numbers) + "]"


print(f"manual gradient    {rounded(manual)}")
print(f"numerical          {rounded(numerical)}")
print(f"agree within 1e-6  {agree}")
