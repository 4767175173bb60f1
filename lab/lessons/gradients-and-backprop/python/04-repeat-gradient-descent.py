# Program 4 of 11. Gradient descent: step against the slope, and again. The steps shrink by themselves, because the
# slope does.

x = 2
y = 5
rate = 0.1
w = 3

print("step       w  prediction      loss  gradient")
for step in range(5):
    prediction = w * x
    error = prediction - y
    loss = error**2
    gradient = 2 * error * x

    print(f"{step:4}  {w:6.4f}  {prediction:10.4f}  {loss:8.6f}  {gradient:8.4f}")

    w = w - rate * gradient
