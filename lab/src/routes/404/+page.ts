// 404.html, as hosts of static sites look for it.
export const trailingSlash = 'never'
