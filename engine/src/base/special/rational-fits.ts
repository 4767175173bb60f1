// Rational fits of the special functions, written by scripts/derive-special-functions.py (method and derivation
// there; change them there, not here). Each is one smooth piece; the files beside this one put the pieces together.

/** erf(x) / x - 1 in z = x^2, for z from 0.0 to 1.0. Relative error 2.5e-17 of 1.0 + it. */
export function erfNearZero(z: number): number {
  const p =
    0.1283791670955126 +
    z *
      (-0.3169891693395489 +
        z *
          (-0.048371274599796295 +
            z * (-0.008822336324816778 + z * (-0.0004966403525373908 + z * -2.07802280765619e-5))))
  const q =
    1.0 +
    z *
      (0.46064498648983654 +
        z *
          (0.0938746087651241 +
            z * (0.010705251871973175 + z * (0.0006937362332349159 + z * 2.0866484101019162e-5))))
  return p / q
}

/** x exp(x^2) erfc(x) - 0.5, for x from 0.75 to 4.0. Relative error 2.4e-17 of 0.5 + it. */
export function erfcxMiddle(x: number): number {
  const p =
    -0.49999999822866364 +
    x *
      (-0.47214864967370185 +
        x *
          (-0.16020265585940652 +
            x *
              (0.04331737826634964 +
                x *
                  (0.0675368770470529 +
                    x *
                      (0.032496397525805326 +
                        x *
                          (0.008820445057310703 +
                            x * (0.0013853302152946568 + x * 0.00010186095534405285)))))))
  const q =
    1.0 +
    x *
      (2.944297253790917 +
        x *
          (3.952241765530649 +
            x *
              (3.173280304682215 +
                x *
                  (1.6763243989115362 +
                    x *
                      (0.6010943122538812 +
                        x * (0.14438675802121587 + x * (0.02158183573256101 + x * 0.0015868770407299103)))))))
  return p / q
}

/** x exp(x^2) erfc(x) - 0.5 in t = 1/x^2, for t from 0.0 to 0.0625. Relative error 1.4e-17 of 0.5 + it. */
export function erfcxTail(t: number): number {
  const p =
    0.06418958354775628 +
    t *
      (1.3444082860469524 +
        t *
          (7.079682214098265 + t * (-3.808163473475564 + t * (-78.65950779871561 + t * -86.67722835360428))))
  const q =
    1.0 +
    t *
      (25.339050168641855 +
        t *
          (215.05910062872965 +
            t *
              (735.2395898992744 +
                t * (947.9689455294373 + t * (311.1710764207889 + t * -19.923592479323997)))))
  return p / q
}
