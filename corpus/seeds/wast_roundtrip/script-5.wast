;; gainsay:format 1
;; gainsay-step: sections import table data-count
(module definition $A
  (memory i64 753 814 (pagesize 0x1))
  (memory 1 2)
  (global (mut i32) (i32.const 1))
  (global (mut i32) (i32.sub (i32.const 0) (i32.const 987266435)))
  (global (mut i32) (i32.const 1))
  (global (mut i32) (i32.const 400))
  (func (export "f0") (param i64 v128 f64) (result i32 f32) (local i32 f32)
    (if (i32.lt_u (global.get 3) (i32.const 4)) (then (global.set 3 (i32.const 400)) (unreachable)))
    (global.set 3 (i32.sub (global.get 3) (i32.const 4)))
    (br_if 0
      (f32.gt (f32.div (f32.const 0x1.8a88dep-75) (f32.const -44)) (f32.const 62))
      (f32.copysign
        (f32.const -nan)
        (select
          (local.tee 4 (f32.const -0x1.30a55ap+117))
          (f32.const nan)
          (f32.eq (local.get 4) (local.get 4))))
      (i32.trunc_f32_u (f32.convert_i32_s (i32.const 65535))))
    (drop)
    (local.set 3)
    (i32.const 28)
    (f32.const 0x1.940b3cp+113))
  (func (export "f1") (param i64 v128 f64) (result i32 f32) (local i32 f64 i32 f32 v128 v128)
    (if (i32.lt_u (global.get 3) (i32.const 4)) (then (global.set 3 (i32.const 400)) (unreachable)))
    (global.set 3 (i32.sub (global.get 3) (i32.const 4)))
    (local.get 5)
    (f32.demote_f64
      (f64x2.extract_lane 1
        (block (result v128)
          (drop
            (br_if 0
              (i16x8.ge_u
                (local.get 1)
                (v128.load8_splat offset=61 (i64.and (i64.const 128) (i64.const 63))))
              (local.get 5)))
          (local.get 1)))))
  (func (export "f2") (local i32 v128 f64 i32 v128 f32)
    (if (i32.lt_u (global.get 3) (i32.const 4)) (then (global.set 3 (i32.const 400)) (unreachable)))
    (global.set 3 (i32.sub (global.get 3) (i32.const 4)))
    (f32.store 1 offset=60 align=2
      (i32.and
        (if (result i32)
          (i64.le_s (i64.rotl (i64.const 42) (i64.const 255)) (i64.trunc_f64_s (local.get 2)))
          (then
            (global.set 0 (memory.size 1))
            (if (result i32) (local.get 3) (then (local.get 0)) (else (local.get 3))))
          (else (local.get 0)))
        (i32.const 63))
      (select
        (local.tee 5 (f32.const -0x1.09e414p+101))
        (f32.const nan)
        (f32.eq (local.get 5) (local.get 5)))))
  (data "\d3^")
  (export "m0" (memory 0))
  (export "m1" (memory 1)))
(module instance $a $A)
(register "a" $a)
;; gainsay-step: sections table memory data-count
(module definition $B
  (import "a" "f0" (func (param i64 v128 f64) (result i32 f32)))
  (import "a" "f1" (func (param i64 v128 f64) (result i32 f32)))
  (import "a" "f2" (func))
  (import "a" "m0" (memory i64 753 814 (pagesize 0x1)))
  (import "a" "m1" (memory 1 2))
  (global (mut f32) (f32.const 7))
  (global (mut i64) (i64.const 44))
  (global (mut i32) (i32.const 400))
  (elem func 0 0 1 2 1)
  (func (export "f3") (param i32 f32 f64) (result i64) (local i32 i64 i64 i32 v128 i64)
    (if (i32.lt_u (global.get 2) (i32.const 4)) (then (global.set 2 (i32.const 400)) (unreachable)))
    (global.set 2 (i32.sub (global.get 2) (i32.const 4)))
    (block (result i64)
      (local.set 1
        (f32.load 1
          (i32.and
            (i16x8.extract_lane_s 3
              (v128.load8_splat 1 offset=17 (i32.and (local.get 3) (i32.const 32767))))
            (i32.const 63))))
      (block (result i64)
        (local.set 3 (i32.const 9))
        (loop
          (if
            (i32.lt_u (global.get 2) (i32.const 1))
            (then (global.set 2 (i32.const 400)) (unreachable)))
          (global.set 2 (i32.sub (global.get 2) (i32.const 1)))
          (local.set 0 (i32.const 6))
          (loop
            (if
              (i32.lt_u (global.get 2) (i32.const 1))
              (then (global.set 2 (i32.const 400)) (unreachable)))
            (global.set 2 (i32.sub (global.get 2) (i32.const 1)))
            (if
              (i32.load16_s align=1
                (i64.and
                  (block (result i64) (drop (br_if 0 (local.get 8) (local.get 6))) (i64.const 57))
                  (i64.const 511)))
              (then
                (call 1
                  (i64.and
                    (if (result i64)
                      (block (result i32)
                        (i64.store32 1 offset=2484
                          (i32.and
                            (i64.ge_u
                              (i64.load16_s 1 align=1 (i32.and (local.get 3) (i32.const 63)))
                              (i64.shl
                                (i64.load16_u offset=37 align=1
                                  (i64.and (i64.const 12) (i64.const 511)))
                                (i64.or (i64.const 33) (i64.const 18))))
                            (i32.const 4095))
                          (i64.trunc_f32_s (local.get 1)))
                        (i32.const -4))
                      (then (local.get 5))
                      (else (global.get 1)))
                    (local.get 4))
                  (local.get 7)
                  (local.get 2))
                (drop)
                (local.set 6))
              (else))
            (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
          (br_if 0 (local.tee 3 (i32.sub (local.get 3) (i32.const 1)))))
        (local.get 5))))
  (data (i64.const 52) "N\7f\e2\ab\ff\bf\91U\88\abC\a0y\96\dc\0c\d9.")
  (data (memory 1) (i32.const 57) "\0c\d3\9d\ee\ad\e8\f4K\b9[#Z\8c\af\85B0`\bc\8d"))
(module instance $b $B)
(assert_return (invoke $a "f0" (i64.const 41) (v128.const i32x4 0x00000040 0x00000027 0x0000003a 0x00000012) (f64.const 108.0)) (i32.const 0) (f32.const nan:arithmetic))
(assert_return (invoke $a "f1" (i64.const -3) (v128.const i32x4 0xffffffff 0x00000000 0x00000001 0x00000000) (f64.const -2.225073858507201e-308)) (i32.const 0) (f32.const 0.0))
(assert_return (invoke $a "f2"))
(assert_return (invoke $b "f3" (i32.const 268435455) (f32.const nan:0x200001) (f64.const 9.223372036854776e18)) (i64.const 0))
