;; gainsay:format 1
;; gainsay-step: sections import table
(assert_invalid
  (module $A
    (memory i64 702 738 (pagesize 0x1))
    (memory 65 99 (pagesize 0x1))
    (global (mut externref) (ref.null extern))
    (global (mut i64) (i64.mul (i64.const 1) (i64.const 29)))
    (global (mut funcref) (ref.null func))
    (global (mut i32) (i32.const 1000))
    (func (export "f0") (param i32 funcref f64) (result v128) (local i32 v128 f64 f64)
      (if
        (i32.lt_u (global.get 3) (i32.const 4))
        (then (global.set 3 (i32.const 1000)) (unreachable)))
      (global.set 3 (i32.sub (global.get 3) (i32.const 4)))
      (v128.store 1 align=8
        (i32.and
          (i32.extend16_s (call 2 (global.get 0) (f64.convert_i64_u (global.get 1))))
          (i32.const 31))
        (select
          (i16x8.shr_s
            (if (result v128)
              (i32.extend8_s (i32.trunc_f64_s (local.get 2)))
              (then (v128.const i32x4 0x00000000 0x5f800000 0xff800001 0x5f800000))
              (else
                (if (result v128)
                  (i32.const 67108864)
                  (then (v128.const i32x4 0x00000000 0xc05d0000 0x00000000 0x404c0000))
                  (else (local.get 4)))))
            (local.get 0))
          (local.get 4)
          (local.get 3)))
      (v128.const i32x4 0x00000000 0x40080000 0x00000000 0xc05d8000))
    (func (export "f1") (param externref f64 v128 f64 i32 funcref i64 i64) (result f64)
      (local i32 externref externref)
      (if
        (i32.lt_u (global.get 3) (i32.const 4))
        (then (global.set 3 (i32.const 1000)) (unreachable)))
      (global.set 3 (i32.sub (global.get 3) (i32.const 4)))
      (global.set 0 (local.get 9))
      (local.get 1))
    (func (export "f2") (param externref f64) (result i32) (local i32)
      (if
        (i32.lt_u (global.get 3) (i32.const 4))
        (then (global.set 19 (i32.const 1000)) (unreachable)))
      (global.set 3 (i32.sub (global.get 3) (i32.const 4)))
      (block
        (br_table 0 (f64.lt (local.get 1) (f64.promote_f32 (f32.convert_i64_u (i64.const 2))))))
      (local.set 1 (f64.const -0))
      (drop
        (br_if 0
          (f64.ne
            (block (result f64)
              (drop (br_if 0 (f64.const 108) (local.get 2)))
              (f64.const -0x1.51bae54c4194fp-662))
            (f64.reinterpret_i64 (global.get 1)))
          (local.get 2)))
      (i32.const 551594877))
    (export "m0" (memory 0))
    (export "m1" (memory 1)))
  "")
;; gainsay-step: absent (module instance $a $A)
;; gainsay-step: absent (invoke $a "f0" (i32.const -994275765) (ref.null func) (f64.const 4294967295.0))
;; gainsay-step: absent (invoke $a "f1" (ref.extern 2) (f64.const -6.894021349175603e-200) (v128.const i32x4 0x00008000 0x00007fff 0x00010000 0xffffffff) (f64.const -4.1884094031030204e248) (i32.const 25) (ref.null func) (i64.const 127) (i64.const 6696786953479064721))
;; gainsay-step: absent (invoke $a "f2" (ref.extern 2) (f64.const 3.4028234663852886e38))
;; gainsay-step: absent (invoke $a "f0" (i32.const 32767) (ref.null func) (f64.const -0.0))
;; gainsay-step: absent (invoke $a "f1" (ref.null extern) (f64.const -6.894021349175603e-200) (v128.const i32x4 0x00000000 0xff7fffff 0xff7fffff 0x00000001) (f64.const -102.0) (i32.const 7) (ref.null func) (i64.const 0) (i64.const -3817314719402789746))
;; gainsay-step: absent (invoke $a "f2" (ref.extern 5) (f64.const nan:0x4000000000001))
