;; gainsay:format 1
(module $gainsay
  (func (export "mix0_ref_f32") (param funcref f32) (result i32 i64 i64)
    (i32.const 42)
    (i64.const -42)
    (i64.const -42))
  (func (export "mix1_f32_i32_i64_i32") (param f32 i32 i64 i32) (result f32 externref)
    (local.get 0)
    (ref.null extern))
  (func (export "mix2_f32_i64") (param f32 i64)))
(register "gainsay" $gainsay)
(assert_invalid
  (module $A
    (import "gainsay" "mix0_ref_f32" (func (param funcref f32) (result i32 i64 i64)))
    (import "gainsay" "mix1_f32_i32_i64_i32" (func (param f32 i32 i64 i32) (result f32 externref)))
    (import "gainsay" "mix2_f32_i64" (func (param f32 i64)))
    (table 10 18 externref)
    (table 7 7 funcref)
    (memory 1 1)
    (global (mut f32) (f32.const 4084.9321))
    (global (mut i32) (i32.const 100))
    (elem (table 1) (i32.const 1) func 1 2 1)
    (elem func 2 3 2 2 1 0)
    (func (export "f3") (param f32 i64 f32 externref i32 funcref) (result i32 f32)
      (local i32 i64 funcref externref funcref f32)
      (if
        (i32.lt_u (global.get 1) (i32.const 4))
        (then (global.set 1 (i32.const 100)) (unreachable)))
      (global.set 1 (i32.sub (global.get 1) (i32.const 4)))
      (local.set 9
        (if (result externref)
          (i32.popcnt (f32.eq (local.get 0) (local.get 11)))
          (then
            (local.set 7
              (call 4
                (local.tee 5 (local.get 8))
                (i64.shr_s
                  (local.get 7)
                  (i64.trunc_f64_s
                    (f64.convert_i32_s
                      (block (result i32)
                        (drop (br_if 0 (i32.const 65536) (i32.const 40)))
                        (local.get 4)))))
                (f64.const 0x1.2d072e29c5654p-561)
                (local.get 6)
                (local.get 10)
                (local.get 4)
                (f64.const -53)
                (local.get 1)
                (local.get 5)
                (ref.null extern)
                (local.get 9)
                (ref.func 3)))
            (local.get 9))
          (else (local.get 3))))
      (local.get 4)
      (global.get 0))
    (func (export "f4")
      (param funcref i64 f64 i32 funcref i32 f64 i64 funcref externref externref funcref)
      (result i64) (local i32 f64 i64 f64)
      (if
        (i32.lt_u (global.get 1) (i32.const 4))
        (then (global.set 1 (i32.const 100)) (unreachable)))
      (global.set 1 (i32.sub (global.get 1) (i32.const 4)))
      (block (result funcref)
        (i64.store16
          (i32.and (local.get 12) (i32.const 32767))
          (i64.rotr
            (i64.reinterpret_f64
              (select
                (local.tee 15
                  (f64.promote_f32
                    (f32.max
                      (f32.neg (f32.const 46))
                      (if (result f32)
                        (local.get 5)
                        (then (f32.const 113))
                        (else (elem.drop 0) (global.get 0))))))
                (f64.const nan)
                (f64.eq (local.get 15) (local.get 15))))
            (local.get 1)))
        (drop (br_if 0 (local.get 4) (local.get 3)))
        (local.get 11))
      (f32.const 0x1.fffffep+127)
      (block (param funcref f32) (result i32 i64 i64)
        (drop)
        (local.set 8)
        (local.get 12)
        (i64.const 1)
        (i64.const 8154620277496266193))
      (local.set 1)
      (drop)
      (drop)
      (local.get 14))
    (func (export "f5") (param f32 i64) (local i32 f64 externref externref)
      (if
        (i32.lt_u (global.get 1) (i32.const 4))
        (then (global.set 1 (i32.const 100)) (unreachable)))
      (global.set 1 (i32.sub (global.get 3) (i32.const 4)))
      (i32.store align=1
        (i32.and
          (i64.eqz (i64.load32_s offset=42 (i32.and (i32.eqz (local.get 2)) (i32.const 32767))))
          (i32.const 32767))
        (ref.is_null (ref.func 4)))
      (memory.copy
        (i32.and
          (f64.lt
            (local.get 3)
            (f64.load offset=31428 align=2 (i32.and (local.get 2) (i32.const 63))))
          (i32.const 63))
        (i32.and (i32.load16_s align=1 (i32.and (i32.const 34) (i32.const 63))) (i32.const 32767))
        (i32.and (local.get 2) (i32.const 63))
        (if
          (i32.lt_u (global.get 1) (i32.const 16))
          (then (global.set 1 (i32.const 100)) (unreachable)))
        (global.set 1 (i32.sub (global.get 1) (i32.const 16)))))
    (export "g0" (global 0))
    (export "m0" (memory 0))
    (export "t0" (table 0))
    (export "t1" (table 1))
    (export "fuel" (global 1)))
  "")
;; gainsay-step: absent (module instance $a $A)
;; gainsay-step: absent (invoke $a "f3" (f32.const -0.0) (i64.const 19) (f32.const 1.5770117e-26) (ref.extern 6) (i32.const 0) (ref.null func))
;; gainsay-step: absent (invoke $a "f4" (ref.null func) (i64.const 7) (f64.const 0.0) (i32.const 34) (ref.null func) (i32.const 0) (f64.const 9.223372036854776e18) (i64.const 8154620277496266193) (ref.null func) (ref.extern 6) (ref.extern 4) (ref.null func))
;; gainsay-step: absent (invoke $a "f5" (f32.const 2147483600.0) (i64.const 28))
;; gainsay-step: absent (invoke $a "f3" (f32.const 1e-45) (i64.const 48) (f32.const -1.375901e-38) (ref.null extern) (i32.const 255) (ref.null func))
;; gainsay-step: absent (invoke $a "f4" (ref.null func) (i64.const 8154620277496266193) (f64.const -99.0) (i32.const 0) (ref.null func) (i32.const -1164150379) (f64.const 91.0) (i64.const 2147483647) (ref.null func) (ref.null extern) (ref.extern 7) (ref.null func))
;; gainsay-step: absent (invoke $a "f5" (f32.const -9.223372e18) (i64.const 1))
;; gainsay-step: absent (invoke $a "f3" (f32.const 1.1754944e-38) (i64.const 2250221849224544230) (f32.const -nan:0x400000) (ref.extern 3) (i32.const 16385) (ref.null func))
;; gainsay-step: absent (invoke $a "f4" (ref.null func) (i64.const 32767) (f64.const 3.4028234663852886e38) (i32.const 7) (ref.null func) (i32.const 699540496) (f64.const -13.0) (i64.const 11) (ref.null func) (ref.extern 5) (ref.extern 3) (ref.null func))
;; gainsay-step: absent (invoke $a "f5" (f32.const -119.0) (i64.const 8154620277496266193))
;; gainsay-step: absent (assert_return (get $a "g0"))
