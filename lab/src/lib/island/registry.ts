// Every component that can be an island, by name: `cell`, `predict`, ..., and `figure:<lesson>/<id>`.
import type { Component } from 'svelte'

type Loader = () => Promise<{ default: Component<Record<string, unknown>> }>

const loaders = import.meta.glob([
  '/src/lib/cell/Cell.svelte',
  '/src/lib/figure/Predict.svelte',
  '/src/lib/mastery/Mastery.svelte',
  '/src/lib/mastery/Probe.svelte',
  '/src/lib/practice/Practice.svelte',
  '/src/lib/practice/Worked.svelte',
  '/src/lib/pitfalls/Pitfall.svelte',
  '/src/lib/progress/LessonProgress.svelte',
  '/src/lib/playground/Playground.svelte',
  '/src/lib/home/HomeFigure.svelte',
  '/src/lib/search/Search.svelte',
  '/src/lib/practice/AskOne.svelte',
  '/src/lib/practice/Filter.svelte',
  '/src/lib/mastery/ReviewQueue.svelte',
  '/src/lib/progress/ProgressTotal.svelte',
  '/src/lib/progress/ProgressControls.svelte',
  '/src/lib/progress/Resume.svelte',
  '/lessons/*/figures/*.svelte',
]) as Record<string, Loader>

/** Where the component of an island stands. */
export function pathOf(name: string): string {
  const figure = /^figure:([\w-]+)\/([\w-]+)$/.exec(name)
  if (figure) return `/lessons/${figure[1]}/figures/${figure[2]}.svelte`
  return widgets[name] ?? name
}

const widgets: Readonly<Record<string, string>> = {
  cell: '/src/lib/cell/Cell.svelte',
  predict: '/src/lib/figure/Predict.svelte',
  mastery: '/src/lib/mastery/Mastery.svelte',
  probe: '/src/lib/mastery/Probe.svelte',
  practice: '/src/lib/practice/Practice.svelte',
  worked: '/src/lib/practice/Worked.svelte',
  pitfall: '/src/lib/pitfalls/Pitfall.svelte',
  progress: '/src/lib/progress/LessonProgress.svelte',
  home: '/src/lib/home/HomeFigure.svelte',
  search: '/src/lib/search/Search.svelte',
  'ask-one': '/src/lib/practice/AskOne.svelte',
  'practice-filter': '/src/lib/practice/Filter.svelte',
  review: '/src/lib/mastery/ReviewQueue.svelte',
  'progress-total': '/src/lib/progress/ProgressTotal.svelte',
  'progress-controls': '/src/lib/progress/ProgressControls.svelte',
  resume: '/src/lib/progress/Resume.svelte',
  playground: '/src/lib/playground/Playground.svelte',
}

export function loaderOf(name: string): Loader | undefined {
  return loaders[pathOf(name)]
}
