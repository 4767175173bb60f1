// Rational fits, written by scripts/derive-special-functions.py (method and derivation there; change them there, not
// here). Each is one smooth piece of a function; the files beside this one put the pieces together.

/** lgamma(x) / ((x - 1)(x - 2)) - 0.4375, for x from 1.0 to 3.0. Relative error 2.9e-17 of 0.4375 + it. */
export function lgammaOneToThree(x: number): number {
  const p =
    2.0637224869546906 +
    x *
      (42.13760247142334 +
        x *
          (171.40090558563136 +
            x *
              (186.566683601116 +
                x *
                  (8.850885885916925 +
                    x *
                      (-52.88795202994728 +
                        x * (-16.677892531727856 + x * (-1.4009083953877433 + x * -0.025924925428113484)))))))
  const q =
    1.0 +
    x *
      (41.35380831542771 +
        x *
          (324.965145313882 +
            x *
              (828.8036415342509 +
                x *
                  (827.2289568245217 +
                    x *
                      (346.64342975777976 +
                        x * (59.88362181940515 + x * (3.769213152091595 + x * 0.060117093725430296)))))))
  return p / q
}

/** digamma(x) / (x - 1.4616...), for x from 1.0 to 3.0. Relative error 1.8e-17. */
export function digammaOneToThree(x: number): number {
  const p =
    247465874.01631397 +
    x *
      (819537096.8101028 +
        x *
          (797557715.7186311 +
            x *
              (315006635.9560989 +
                x *
                  (53490046.71095879 +
                    x * (3580226.573947287 + x * (69461.44288419232 + x * 73.29449958028815))))))
  const q =
    1.0 +
    x *
      (361704064.0958533 +
        x *
          (741614705.0140945 +
            x *
              (513106376.47676283 +
                x *
                  (151812108.47729114 +
                    x * (19590342.945658524 + x * (980910.1812784259 + x * 13197.653972849814))))))
  return p / q
}
