# Program 8 of 11. One weight serves both features, so it reaches the loss along two paths. Each path brings a
# signal, and where paths meet the signals add.

features = [2, 1]
y = 5
w = 2

prediction = sum(w * feature for feature in features)
error = prediction - y

paths = [2 * error * 1 * feature for feature in features]
gradient = sum(paths)

print(f"prediction  {prediction}")
print(f"paths       {paths}")
print(f"gradient    {gradient}")
