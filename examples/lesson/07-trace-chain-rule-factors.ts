// Program 7 of 11. Backpropagation is bookkeeping: run three small operations forward, write down the local
// derivative of each, and multiply them along the way back to a weight.

const xPrompt = 2
const xQueue = 1
const wPrompt = 2
const wQueue = 2
const y = 5

// Forward: one operation at a time.
const prediction = wPrompt * xPrompt + wQueue * xQueue
const error = prediction - y
const loss = error ** 2

// Backward: one local derivative for each operation.
const dLoss_dError = 2 * error
const dError_dPrediction = 1
const dPrediction_dPrompt = xPrompt
const dPrediction_dQueue = xQueue

const promptSlope = dLoss_dError * dError_dPrediction * dPrediction_dPrompt
const queueSlope = dLoss_dError * dError_dPrediction * dPrediction_dQueue

console.log(`prediction   ${prediction}`)
console.log(`error        ${error}`)
console.log(`loss         ${loss}`)
console.log(`prompt path  ${dLoss_dError} × ${dError_dPrediction} × ${dPrediction_dPrompt} = ${promptSlope}`)
console.log(`queue path   ${dLoss_dError} × ${dError_dPrediction} × ${dPrediction_dQueue} = ${queueSlope}`)
