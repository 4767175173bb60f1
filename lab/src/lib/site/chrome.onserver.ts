// What surrounds every page, as HTML.
import { pageScript } from 'virtual:lab/page-script'
import { oneOfEachStyle, renderStatic } from '../island/static.onserver.ts'
import Footer from './Footer.svelte'
import Header from './Header.svelte'
import Topics from './Topics.svelte'

export interface Chrome {
  readonly head: string
  readonly header: string
  readonly topics: string
  readonly footer: string
}

export function renderChrome(path: string, docked: boolean): Chrome {
  const header = renderStatic(Header, { path })
  const topics = renderStatic(Topics, { path, docked })
  const footer = renderStatic(Footer, {})
  return {
    head: `${oneOfEachStyle(header.head + topics.head + footer.head)}<script type="module" src="${pageScript()}"></script>`,
    header: header.body,
    topics: topics.body,
    footer: footer.body,
  }
}
