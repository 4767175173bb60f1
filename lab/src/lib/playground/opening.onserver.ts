// What the playground opens with, worked out when the site is built.
import { initialState } from './address.ts'
import { sharesOf } from './surface.ts'
import { Trainer } from './trainer.ts'
import { answersOf, firstWeight, type Opening, whyOf } from './view.ts'

export function openingState(): Opening {
  const { data, preset, model } = initialState()
  const trainer = new Trainer(data, model)
  return {
    data,
    preset,
    model,
    now: trainer.now,
    units: trainer.unitsFor(0),
    answers: answersOf(trainer),
    shares: btoa(String.fromCharCode(...sharesOf(trainer))),
    parts: trainer.contributions(firstWeight),
    why: whyOf(trainer, firstWeight),
  }
}
