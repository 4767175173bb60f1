# Program 1 of 11. A model with one adjustable number predicts how many seconds a response takes; the loss is one
# number that says how wrong the prediction was.

x = 2  # the prompt, in hundreds of tokens
y = 5  # the seconds it really took
w = 3  # the stored number: seconds per hundred tokens

prediction = w * x
error = prediction - y
loss = error**2

print(f"prediction  {prediction}")
print(f"loss        {loss}")
