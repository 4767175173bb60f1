// Addresses of the written pages: about, terms, privacy.
export const match = (param: string): boolean => ['about', 'terms', 'privacy'].includes(param)
