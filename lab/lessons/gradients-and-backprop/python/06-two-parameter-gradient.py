# Program 6 of 11. Two features, two weights: one partial derivative for each weight. Together they are the gradient.

features = [2, 1]  # prompt blocks of a hundred tokens; requests waiting in the queue
weights = [2, 2]
y = 5
rate = 0.1


def predict(weights):
    return sum(weight * feature for weight, feature in zip(weights, features))


prediction = predict(weights)
error = prediction - y
gradient = [2 * error * feature for feature in features]
updated = [weight - rate * slope for weight, slope in zip(weights, gradient)]
new_loss = (predict(updated) - y) ** 2

print(f"prediction       {prediction}")
print(f"gradient         {gradient}")
print(f"updated weights  {updated}")
print(f"new loss         {new_loss:g}")
