#!/usr/bin/env python3
"""Derives the rational fits of engine/src/base/special and the reference values its tests compare with.

Run with a Python that has mpmath 1.2 or later, from the root of the repository:

    python3 scripts/derive-special-functions.py
    npx biome check --write engine/src/base/special/rational-fits.ts

It writes engine/src/base/special/rational-fits.ts and engine/test/fixtures/special.json.

Method. Every function is split where its behaviour changes, and on each interval a smooth, slowly varying part f
is set apart (for instance exp(x^2) erfc(x), or lgamma(x) / ((x - 1)(x - 2)), which carries both zeros exactly).
f is then replaced by the rational function P/Q, Q(0) = 1, that agrees with it in the Chebyshev nodes of the
interval: with deg P + deg Q + 1 nodes that is one linear system, solved here with 80 digits. Interpolation in
Chebyshev nodes is within a small factor of the minimax error, which is cheaper to make up by one more degree than
by a Remez exchange. Where f hardly varies, a constant (the offset) is taken off it first and added by the
caller, so that the rounding errors of P/Q count only in proportion to what is left. The script refuses a fit whose relative error on a fine grid, after rounding the coefficients to
float64, exceeds BOUND; the error is written beside each fit.
"""
import json
import math
import random
from pathlib import Path

from mpmath import (chebyt, cos, digamma, erf, erfc, erfinv, exp, lu_solve, matrix, mp, mpf, ncdf, nstr, pi, polyval,
                    besseli, log, loggamma, polygamma, fac2, re, sqrt, findroot, zeta)

mp.dps = 80
ROOT = Path(__file__).resolve().parent.parent
HALF = mpf(1) / 2
BOUND = mpf(2) ** -53


def fit(f, a, b, n, m):
    """Coefficients, lowest first, of P (degree n) and Q (degree m, Q(0) = 1) with P/Q = f in the Chebyshev nodes."""
    size = n + m + 1
    lhs, rhs = matrix(size, size), matrix(size, 1)
    for i in range(size):
        x = (a + b) / 2 + (b - a) / 2 * cos(pi * (2 * i + 1) / (2 * size))
        y = f(x)
        for k in range(n + 1):
            lhs[i, k] = x ** k
        for k in range(1, m + 1):
            lhs[i, n + k] = -y * x ** k
        rhs[i] = y
    c = lu_solve(lhs, rhs)
    return [float(v) for v in c[: n + 1]], [1.0] + [float(v) for v in c[n + 1:]]


def worst(f, a, b, p, q, offset):
    """Largest error of offset + fit, relative to offset + f, with the coefficients as rounded to float64."""
    error = mpf(0)
    for i in range(401):
        x = a + (b - a) * mpf(i) / 400
        value = polyval([mpf(c) for c in reversed(p)], x) / polyval([mpf(c) for c in reversed(q)], x)
        error = max(error, abs((value - f(x)) / (offset + f(x))))
    return error


def near_zero(f, limit):
    """f with its removable singularity at 0 filled in."""
    return lambda x: limit if x == 0 else f(x)


def erfcx_tail(t):
    """sqrt(1/t) erfcx(sqrt(1/t)); its asymptotic series where exp(1/t) would need too many digits."""
    if t < mpf(1) / 400:
        return sum((-1) ** k * fac2(2 * k - 1) * (t / 2) ** k for k in range(60)) / sqrt(pi)
    return exp(1 / t) * erfc(1 / sqrt(t)) / sqrt(t)


# name, what it approximates, offset that the caller adds, f, interval, degrees of P and Q
FITS = [
    ('erfNearZero', 'erf(x) / x - 1 in z = x^2', 1, near_zero(lambda z: erf(sqrt(z)) / sqrt(z) - 1, 2 / sqrt(pi) - 1), 0, 1, 5, 5),
    ('erfcxMiddle', 'x exp(x^2) erfc(x) - 0.5', HALF, lambda x: x * exp(x * x) * erfc(x) - HALF, 0.75, 4, 8, 8),
    ('erfcxTail', 'x exp(x^2) erfc(x) - 0.5 in t = 1/x^2', HALF, lambda t: erfcx_tail(t) - HALF, 0, 1 / 16, 5, 6),
]

HEADER = '''// Rational fits of the special functions, written by scripts/derive-special-functions.py (method and derivation
// there; change them there, not here). Each is one smooth piece; the files beside this one put the pieces together.
'''


def horner(c, variable):
    text = repr(c[-1])
    for v in reversed(c[:-1]):
        text = f'{v!r} + {variable} * ({text})'
    return text


def write_fits():
    out = [HEADER]
    for name, what, offset, f, a, b, n, m in FITS:
        a, b = mpf(a), mpf(b)
        p, q = fit(f, a, b, n, m)
        error = worst(f, a, b, p, q, offset)
        signs = {c > 0 for c in p + q}
        print(f'{name}: degrees {n}/{m}, error {nstr(error, 3)}, {"one sign" if len(signs) == 1 else "mixed signs"}')
        if error > BOUND:
            raise SystemExit(f'{name}: error {nstr(error, 3)} exceeds {nstr(BOUND, 3)}')
        sum_of = f' of {nstr(mpf(offset), 3)} + it' if offset else ''
        variable = what.split(' in ')[1].split(' ')[0] if ' in ' in what else 'x'
        out.append(f'/** {what}, for {variable} from {nstr(a, 6)} to {nstr(b, 6)}. Relative error {nstr(error, 2)}{sum_of}. */')
        out.append(f'export function {name}({variable}: number): number {{')
        body = f'  const p = {horner(p, variable)}\n'
        if m > 0:
            body += f'  const q = {horner(q, variable)}\n  return p / q\n}}\n'
        else:
            body += '  return p\n}\n'
        out.append(body)
    (ROOT / 'engine/src/base/special/rational-fits.ts').write_text('\n'.join(out))


rng = random.Random(20)


def uniform(a, b, count):
    return [rng.uniform(a, b) for _ in range(count)]


def powers(low, high, count, signs=(1,)):
    """Magnitudes log-uniform from 10^low to 10^high."""
    return [rng.choice(signs) * 10 ** rng.uniform(low, high) for _ in range(count)]


def near(points, widths=(1e-3, 1e-6, 1e-10, 1e-15)):
    """The points themselves and points close by on both sides."""
    return [v for p in points for v in [p, *(p + s * w * max(abs(p), 1) for w in widths for s in (-1, 1))]]


def erfinv_exact(x):
    return erfinv(mpf(x))


def points():
    """Per function the exact value (of the float64 argument) and the arguments."""
    both = (-1, 1)
    return {
        'erf': (erf, uniform(-6, 6, 300) + powers(-300, 0, 100, both) + near([0.5, 1, 2, 4, 5.9])),
        'erfc': (erfc, uniform(-6, 6, 200) + uniform(4, 26.5, 200) + powers(-300, 0, 60, both) + near([0.5, 1, 4, 10])),
    }


def write_reference():
    """[argument..., value, rest]: the exact value is value + rest * ulp(value)."""
    table = {}
    for name, (f, arguments) in points().items():
        rows = []
        for argument in arguments:
            xs = argument if isinstance(argument, tuple) else (argument,)
            exact = f(*(x if isinstance(x, int) else mpf(x) for x in xs))
            value = float(exact)
            rest = 0 if value == 0 else (exact - mpf(value)) / mpf(math.ulp(value))
            rows.append([*xs, value, float(nstr(rest, 3))])
        table[name] = rows
        print(f'{name}: {len(rows)} reference values')
    text = ',\n'.join(f'"{name}": [\n' + ',\n'.join(json.dumps(r) for r in rows) + '\n]' for name, rows in table.items())
    (ROOT / 'engine/test/fixtures/special.json').write_text('{\n' + text + '\n}\n')


write_fits()
write_reference()
