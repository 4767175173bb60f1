#!/usr/bin/env python3
"""Derives the rational fits of engine/src/base/special and the reference values its tests compare with.

Run with a Python that has mpmath 1.2 or later, from the root of the repository:

    python3 scripts/derive-special-functions.py
    npx biome check --write engine/src/base/special

It writes engine/src/base/special/*-fits.ts and engine/test/fixtures/special.json.

Method. Every function is split where its behaviour changes, and on each interval a smooth, slowly varying part f
is set apart (for instance exp(x^2) erfc(x), or lgamma(x) / ((x - 1)(x - 2)), which carries both zeros exactly). f
is then replaced by the rational function P/Q, Q(0) = 1, that agrees with it in the Chebyshev nodes of the
interval: with deg P + deg Q + 1 nodes that is one linear system, solved here with 80 digits. Interpolation in
Chebyshev nodes is within a small factor of the minimax error, which is cheaper to make up by one more degree than
by a Remez exchange. Where f hardly varies, a constant (the offset) is taken off it first and added by the caller,
so that the rounding errors of P/Q count only in proportion to what is left. The script refuses a fit whose
relative error on a fine grid, after rounding the coefficients to float64, exceeds BOUND; the error is written
beside each fit.
"""
import json
import math
import random
from pathlib import Path

from mpmath import (besseli, cos, digamma, erf, erfc, erfinv, euler, exp, fac2, findroot, log, log1p, loggamma,
                    lu_solve, matrix, mp, mpf, nstr, pi, polygamma, polyval, re, sqrt, workdps)

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


def erfcinv(y):
    """Inverse of erfc on (0, 1): Halley's iteration on erfc, since 1 - y would lose a small y."""
    if y > mpf(1) / 1000:
        return erfinv(1 - y)
    x = sqrt(-log(y * sqrt(pi) * sqrt(-log(y))))
    for _ in range(60):
        newton = (erfc(x) - y) / (2 / sqrt(pi) * exp(-x * x))
        step = newton / (1 + x * newton)
        x += step
        if abs(step) < mpf(10) ** -70 * x:
            return x
    raise ArithmeticError(f'erfcinv({y}) did not converge')


def erfcinv_of_root_log(r):
    """erfcinv(y) / r - 1 for r = sqrt(-log y): the inverse grows like r, with a correction that dies out."""
    return erfcinv(exp(-r * r)) / r - 1


def erfinv_from_edge(w):
    """erfinv(x) / x - 1 for x^2 = 0.5625 - w. Counted from the far edge of the interval the coefficients have one sign
    (as in Wichura's algorithm AS 241); counted from 0 they alternate, and their rounding costs 50 ulp."""
    x = sqrt(mpf(9) / 16 - w)
    return erfinv(x) / x - 1 if x else sqrt(pi) / 2 - 1


def lgamma_without_zeros(x):
    """lgamma(x) / ((x - 1)(x - 2)) with the limits at the zeros; more digits, because the quotient cancels there."""
    if x in (1, 2):
        return euler if x == 1 else 1 - euler
    with workdps(160):
        return re(loggamma(x)) / ((x - 1) * (x - 2))


DIGAMMA_ZERO = findroot(digamma, mpf('1.46163214496836234'))
if float(DIGAMMA_ZERO) != 1.4616321449683622:
    raise SystemExit('the zero of digamma has moved')


def digamma_without_zero(x):
    """digamma(x) / (x - its positive zero)."""
    return digamma(x) / (x - DIGAMMA_ZERO)


def bessel_small(n):
    """I_n(x) / x^n in z = x^2."""
    return near_zero(lambda z: besseli(n, sqrt(z)) / sqrt(z) ** n, mpf(1) / 2 ** n)


def bessel_large(n, offset):
    """sqrt(x) exp(-x) I_n(x) - offset in t = 1/x."""
    return near_zero(lambda t: besseli(n, 1 / t) * exp(-1 / t) / sqrt(t) - offset, 1 / sqrt(2 * pi) - offset)


EIGHTH = mpf(1) / 8
C0, C1, CG = mpf(7) / 16, mpf(3) / 8, mpf(7) / 16

# Per file: name, what it approximates, offset that the caller adds, f, interval, degrees of P and Q
FITS = {
    'erf-fits.ts': [
        ('erfNearZero', 'erf(x) / x - 1 in z = x^2', 1,
         near_zero(lambda z: erf(sqrt(z)) / sqrt(z) - 1, 2 / sqrt(pi) - 1), 0, 1, 5, 5),
        ('erfcxMiddle', 'x exp(x^2) erfc(x) - 0.5', HALF,
         lambda x: x * exp(x * x) * erfc(x) - HALF, 0.75, 4, 8, 8),
        ('erfcxTail', 'x exp(x^2) erfc(x) - 0.5 in t = 1/x^2', HALF,
         lambda t: erfcx_tail(t) - HALF, 0, 1 / 16, 5, 6),
        ('erfinvCentral', 'erfinv(x) / x - 1 in w = 0.5625 - x^2', 1, erfinv_from_edge, 0, 0.5625, 7, 7),
        ('erfcinvNear', 'erfcinv(y) / r - 1 in r = sqrt(-log(y))', 1, erfcinv_of_root_log, 1.177, 2.75, 8, 8),
        ('erfcinvMiddle', 'erfcinv(y) / r - 1 in r = sqrt(-log(y))', 1, erfcinv_of_root_log, 2.75, 8, 8, 8),
        ('erfcinvFar', 'erfcinv(y) / r - 1 in r = sqrt(-log(y))', 1, erfcinv_of_root_log, 8, 28, 8, 8),
    ],
    'gamma-fits.ts': [
        ('lgammaOneToThree', 'lgamma(x) / ((x - 1)(x - 2)) - 0.4375', CG,
         lambda x: lgamma_without_zeros(x) - CG, 1, 3, 8, 8),
        ('digammaOneToThree', 'digamma(x) / (x - 1.4616...)', 0, digamma_without_zero, 1, 3, 7, 7),
    ],
    'bessel-fits.ts': [
        ('i0Small', 'I_0(x) in z = x^2', 0, bessel_small(0), 0, 64, 15, 0),
        ('i0Middle', 'sqrt(x) exp(-x) I_0(x) - 0.4375 in w = 1/8 - 1/x', C0,
         lambda w: bessel_large(0, C0)(EIGHTH - w), 0, 1 / 16, 7, 7),
        ('i0Large', 'sqrt(x) exp(-x) I_0(x) - 0.4375 in t = 1/x', C0, bessel_large(0, C0), 0, 1 / 16, 5, 5),
        ('i1Small', 'I_1(x) / x in z = x^2', 0, bessel_small(1), 0, 64, 15, 0),
        ('i1Middle', 'sqrt(x) exp(-x) I_1(x) - 0.375 in w = 1/8 - 1/x', C1,
         lambda w: bessel_large(1, C1)(EIGHTH - w), 0, 1 / 16, 7, 7),
        ('i1Large', 'sqrt(x) exp(-x) I_1(x) - 0.375 in t = 1/x', C1, bessel_large(1, C1), 0, 1 / 16, 5, 5),
    ],
}

HEADER = '''// Rational fits, written by scripts/derive-special-functions.py (method and derivation there; change them there, not
// here). Each is one smooth piece of a function; the files beside this one put the pieces together.
'''


def horner(c, variable):
    text = repr(c[-1])
    for v in reversed(c[:-1]):
        text = f'{v!r} + {variable} * ({text})'
    return text


def write_fit(name, what, offset, f, a, b, n, m):
    """The fit as a TypeScript function, checked."""
    a, b = mpf(a), mpf(b)
    p, q = fit(f, a, b, n, m)
    error = worst(f, a, b, p, q, offset)
    print(f'{name}: degrees {n}/{m}, error {nstr(error, 3)}')
    if error > BOUND:
        raise SystemExit(f'{name}: error {nstr(error, 3)} exceeds {nstr(BOUND, 3)}')
    variable = what.split(' in ')[1].split(' ')[0] if ' in ' in what else 'x'
    of = f' of {nstr(mpf(offset), 4)} + it' if offset else ''
    lines = [
        f'/** {what}, for {variable} from {nstr(a, 6)} to {nstr(b, 6)}. Relative error {nstr(error, 2)}{of}. */',
        f'export function {name}({variable}: number): number {{',
    ]
    if m == 0:
        lines += [f'  return {horner(p, variable)}', '}']
    else:
        lines += [f'  const p = {horner(p, variable)}', f'  const q = {horner(q, variable)}', '  return p / q', '}']
    return '\n'.join(lines)


def write_fits():
    for file, fits in FITS.items():
        parts = [HEADER, *(write_fit(*one) + '\n' for one in fits)]
        (ROOT / 'engine/src/base/special' / file).write_text('\n'.join(parts))


rng = random.Random(20)


def uniform(a, b, count):
    return [rng.uniform(a, b) for _ in range(count)]


def powers(low, high, count, signs=(1,)):
    """Magnitudes log-uniform from 10^low to 10^high."""
    return [rng.choice(signs) * 10 ** rng.uniform(low, high) for _ in range(count)]


def near(points, widths=(1e-3, 1e-6, 1e-10, 1e-15)):
    """The points themselves and points close by on both sides."""
    return [v for p in points for v in [p, *(p + s * w * max(abs(p), 1) for w in widths for s in (-1, 1))]]


def upper_normal(x):
    """Phi(-x) without cancellation."""
    return erfc(x / sqrt(mpf(2))) / 2


def log_ndtr(x):
    return log(upper_normal(-x)) if x < 0 else log1p(-upper_normal(x))


def ndtri(p):
    if p == HALF:
        return mpf(0)
    return -sqrt(mpf(2)) * erfcinv(2 * p) if p < HALF else sqrt(mpf(2)) * erfcinv(2 * (1 - p))


def erfinv_any(x):
    """mpmath's erfinv loses small arguments: there two terms of the series are exact to 1e-80."""
    if abs(x) < mpf(10) ** -20:
        return sqrt(pi) / 2 * (x + pi / 12 * x ** 3)
    return erfcinv(1 - x) if x > HALF else -erfcinv(1 + x) if x < -HALF else erfinv(x)


def scaled_bessel(n):
    return lambda x: besseli(n, x) * exp(-abs(x))


def many_digits(f):
    """For arguments whose value needs more than the usual digits: sums of 1 and something tiny, poles, cancellation."""
    def wrapped(*args):
        with workdps(400):
            return f(*args)
    return wrapped


def points():
    """Per function the exact value (of the float64 argument) and the arguments."""
    both = (-1, 1)
    middle = uniform(-6, 6, 300) + powers(-300, 0, 100, both)
    bessel = uniform(-25, 25, 300) + powers(-150, 0, 60, both) + near([8, 16, -8]) + powers(1, 2.8, 60)
    gamma = uniform(0, 4, 200) + uniform(4, 40, 100) + near([0.5, 1, 1.5, 2, 3, 8, 10]) + powers(-300, 0, 60)
    negative = [x for x in uniform(-2, 0, 60) + uniform(-40, 0, 100) + powers(-300, 0, 60, (-1,)) if x != int(x)]
    order = [(rng.choice([1, 1, 1, 2, 2, 3, 4, 5, 6, 7, 9, 12, 20, 40, 80]), x) for x in
             uniform(0, 4, 150) + uniform(4, 40, 150) + powers(-2, 3, 100) + near([0.5, 1, 9, 10, 12])]
    return {
        'erf': (erf, middle + near([0.5, 1, 2, 4, 5.9])),
        'erfc': (erfc, uniform(-6, 6, 200) + uniform(4, 26.5, 200) + powers(-300, 0, 60, both) + near([0.5, 1, 4, 10])),
        'erfcx': (lambda x: exp(x * x) * erfc(x), uniform(-26, 0, 100) + uniform(0, 6, 200) + uniform(6, 100, 100)
                  + powers(-300, 0, 60, both) + powers(2, 6, 60) + near([0.5, 0.75, 1, 4])),
        'erfinv': (many_digits(erfinv_any), uniform(-1, 1, 300) + powers(-300, 0, 60, both) + [1 - v for v in powers(-15.5, 0, 100)]
                   + near([0.5, 0.75])),
        'ndtri': (many_digits(ndtri), uniform(0.001, 1, 300) + powers(-300, 0, 100) + [1 - v for v in powers(-15.5, 0, 60)]
                  + near([0.125, 0.25, 0.5, 0.875])),
        'logNdtr': (many_digits(log_ndtr), uniform(-6, 6, 200) + uniform(-40, 37, 200) + powers(-20, 3, 100, (-1,)) + near([-1, 1])),
        'lgamma': (many_digits(lambda x: re(loggamma(x))), gamma + powers(1, 300, 60)),
        'lgammaNegative': (many_digits(lambda x: re(loggamma(x))), negative),
        'digamma': (many_digits(digamma), gamma + powers(1, 300, 60) + near([1.4616321449683622])),
        'digammaNegative': (many_digits(digamma), negative),
        'polygamma': (polygamma, order),
        'polygammaNegative': (polygamma, [(n, x) for n, x in ((rng.choice([1, 2, 3, 4, 5]), x)
                                          for x in uniform(-2, 0, 60) + uniform(-30, 0, 80)) if x != int(x)]),
        'i0': (lambda x: besseli(0, x), bessel),
        'i0e': (scaled_bessel(0), bessel + powers(1, 4, 60, both)),
        'i1': (lambda x: besseli(1, x), bessel),
        'i1e': (scaled_bessel(1), bessel + powers(1, 4, 60, both)),
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
