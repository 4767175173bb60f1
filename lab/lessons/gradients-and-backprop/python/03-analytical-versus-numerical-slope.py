# Program 3 of 11. The derivative gives the slope exactly. A difference taken on both sides of w, the centred one,
# estimates it without the one-sided error of program 2.

x = 2
y = 5
w = 3
eps = 1e-5


def loss_at(weight):
    return (weight * x - y) ** 2


# loss = (x·w - y)², so d loss / d w = 2·(x·w - y)·x
analytical = 2 * (x * w - y) * x
numerical = (loss_at(w + eps) - loss_at(w - eps)) / (2 * eps)
agree = abs(analytical - numerical) < 1e-6

print(f"analytical slope   {analytical:.6f}")
print(f"numerical slope    {numerical:.6f}")
print(f"agree within 1e-6  {agree}")
