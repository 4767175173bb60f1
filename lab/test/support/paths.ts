// Addresses of the built site that tests of several areas open.

export const lessonPath = '/learn/math-and-statistics/gradients-and-backprop/'
