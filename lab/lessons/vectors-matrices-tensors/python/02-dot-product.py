# Program 2 of 5. One prediction is a dot product: multiply place by place, then add.
import torch

row = torch.tensor([3, 0.5])  # three hundred tokens, half a second in the queue
w = torch.tensor([3.0, 1.0])
actual = 6.5

products = row * w
prediction = row @ w

print(f"products    [{', '.join(f'{x:g}' for x in products.tolist())}]")
print(f"their sum   {products.sum().item()}")
print(f"row · w     {prediction.item()}")
print(f"w · row     {(w @ row).item()}")
print(f"error       {prediction.item() - actual:g}")
