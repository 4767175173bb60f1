# Program 2 of 11. Which way should w move? Nudge it a little, look at the loss again, and divide: the change in the
# loss per unit of w is an estimate of the slope.

x = 2
y = 5
w = 3
eps = 0.001


def loss_at(weight):
    return (weight * x - y) ** 2


before = loss_at(w)
after = loss_at(w + eps)
slope = (after - before) / eps

print(f"loss             {before}")
print(f"after the nudge  {after}")
print(f"slope            {slope:.3f}")
