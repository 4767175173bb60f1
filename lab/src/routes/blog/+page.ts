import type { PageLoad } from './$types'

export const load: PageLoad = ({ url }) => ({ address: url.href })
