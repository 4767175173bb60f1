# Program 5 of 11. The gradient is right both times. Multiplied by a large learning rate, the step leaps over the
# valley and lands higher on the other side.

x = 2
y = 5
w = 3


def loss_at(weight):
    return (weight * x - y) ** 2


gradient = 2 * (w * x - y) * x
print(f"start     w {w}    loss {loss_at(w)}   gradient {gradient}")

for rate in [0.1, 1.0]:
    updated = w - rate * gradient
    print(f"rate {rate:.1f}  w {updated:4.1f}  loss {loss_at(updated):.2f}")
