# Program 7 of 11. Backpropagation is bookkeeping: run three small operations forward, write down the local
# derivative of each, and multiply them along the way back to a weight.

x_prompt = 2
x_queue = 1
w_prompt = 2
w_queue = 2
y = 5

# Forward: one operation at a time.
prediction = w_prompt * x_prompt + w_queue * x_queue
error = prediction - y
loss = error**2

# Backward: one local derivative for each operation.
d_loss_d_error = 2 * error
d_error_d_prediction = 1
d_prediction_d_prompt = x_prompt
d_prediction_d_queue = x_queue

prompt_slope = d_loss_d_error * d_error_d_prediction * d_prediction_d_prompt
queue_slope = d_loss_d_error * d_error_d_prediction * d_prediction_d_queue

print(f"prediction   {prediction}")
print(f"error        {error}")
print(f"loss         {loss}")
print(f"prompt path  {d_loss_d_error} × {d_error_d_prediction} × {d_prediction_d_prompt} = {prompt_slope}")
print(f"queue path   {d_loss_d_error} × {d_error_d_prediction} × {d_prediction_d_queue} = {queue_slope}")
