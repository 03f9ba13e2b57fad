;; gainsay:format 1
;; gainsay-step: sections import table
(assert_invalid
  (module $A
    (memory i64 1 2)
    (memory 1 2)
    (global (mut funcref) (ref.null func))
    (global (mut i32) (i32.const 1000))
    (func (export "f0") (param funcref f64 f64) (result i64) (local i32 i32 f32)
      (if
        (i32.lt_u (global.get 1) (i32.const 4))
        (then (global.set 1 (i32.const 1000)) (unreachable)))
      (global.set 1 (i32.sub (global.get 1) (i32.const 4)))
      (f64.store offset=37
        (i64.and
          (block (result i64)
            (i64.trunc_f64_u
              (f64.convert_i32_s (i32.load8_s offset=45 (i64.and (i64.const 2) (i64.const 4095))))))
          (i64.const 63))
        (if (result f64)
          (f32.gt (f32.neg (local.get 5)) (f32.convert_i64_s (i64.const 17179869184)))
          (then (f64.const -93))
          (else
            (i32.store16 1 align=1
              (i32.and
                (i32.load8_u 1
                  (i32.and
                    (ref.is_null
                      (block (result externref)
                        (drop
                          (br_if 0
                            (if (result externref)
                              (i32.trunc_sat_f32_u (local.get 5))
                              (then (ref.null extern))
                              (else (ref.null extern)))
                            (i32.load 1 align=2
                              (i32.and
                                (i32.div_u (i32.const -3) (i32.or (local.get 3) (i32.const 1)))
                                (i32.const 63)))))
                        (local.set 0
                          (call 1
                            (select
                              (i64.rotl (i64.const 511) (block (result i64) (i64.const 4294967296)))
                              (i64.const 16385)
                              (local.get 3))
                            (local.get 0)))
                        (drop (br_if 0 (ref.null extern) (local.get 4)))
                        (ref.null extern)))
                    (i32.const 63)))
                (i32.const 4095))
              (i32.const -1150769700))
            (local.get 1))))
      (i64.const -8320179888224456624))
    (func (export "f1") (param i64 funcref) (result funcref) (local i32 f32 i32 i32 i64)
      (if
        (i32.lt_u (global.get 1) (i32.const 4))
        (then (global.set 1 (i32.const 1000)) (unreachable)))
      (global.set 1 (i32.sub (global.get 1) (i32.const 4)))
      (if (result funcref)
        (local.get 2)
        (then
          (i64.store32 offset=16
            (i64.and
              (i64.mul
                (i64.shl
                  (i64.const 255)
                  (if (result i64)
                    (local.get 4)
                    (then (i64.const 65535))
                    (else (global.set 0 (global.get 0)) (local.get 6))))
                (i64.rem_u
                  (i64.trunc_sat_f64_s (f64.const -78))
                  (i64.or (i64.clz (local.get 0)) (i64.const 1))))
              (i64.const 63))
            (i64.rotr
              (i64.trunc_f64_s
                (f64.convert_i32_s
                  (i64.eq
                    (i64.trunc_sat_f32_s
                      (f32.load 1 align=2 (i32.and (local.get 2) (i32.const 63))))
                    (if (result i64)
                      (local.get 2)
                      (then
                        (drop
                          (br_if 0
                            (i64.const 44)
                            (i32.load16_u 1 align=1
                              (i32.and
                                (i32.load16_s offset=41 align=1
                                  (i64.and (i64.const 46) (i64.const 32767)))
                                (i32.const 63)))))
                        (i64.reinterpret_f64 (f64.const -0x1.f06ab0972c0d4p-923)))
                      (else (local.get 6))))))
              (i64.rotl (i64.const -3690238722871651789) (i64.const -7636627747949333459))))
          (local.get 1))
        (else (ref.null func))))
    (data (i64.const 22) "b\195 \8b\f0\a1p\85\eb\1f\a3\e5\8f\e1\deA\d6\c2y")
    (data (memory 1) (i32.const 45) "m2\87\e5?U")
    (export "m0" (memory 0))
    (export "m1" (memory 3)))
  "")
;; gainsay-step: absent (module instance $a $A)
;; gainsay-step: absent (invoke $a "f0" (ref.null func) (f64.const -101.0) (f64.const 1.8446744073709552e19))
;; gainsay-step: absent (invoke $a "f1" (i64.const 9220129836147399628) (ref.null func))
;; gainsay-step: absent (invoke $a "f0" (ref.null func) (f64.const -2.225073858507201e-308) (f64.const 1.8446744073709552e19))
;; gainsay-step: absent (invoke $a "f1" (i64.const -756015497657381290) (ref.null func))
;; gainsay-step: absent (invoke $a "f0" (ref.null func) (f64.const 1.5570244065723635e143) (f64.const 23.0))
;; gainsay-step: absent (invoke $a "f1" (i64.const 15) (ref.null func))
