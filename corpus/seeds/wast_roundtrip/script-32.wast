;; gainsay:format 1
(module definition $A
  (type (func))
  (type (func (param f32)))
  (type (func (param f64) (result v128)))
  (type (func (result f64)))
  (type (func (param v128)))
  (table i64 4 9 externref)
  (table i64 0 12 externref)
  (memory i64 0 1)
  (global (mut i64) (i64.const 0))
  (global (mut i32) (i32.const 0))
  (global (mut i64) (i64.const 0))
  (global (mut i32) (i32.const 400))
  (func (export "f0") (type 4) (param v128) (local v128 externref f64 f32)
    (if (i32.lt_u (global.get 3) (i32.const 4)) (then (global.set 3 (i32.const 400)) (unreachable)))
    (global.set 3 (i32.sub (global.get 3) (i32.const 4)))
    (global.set 1
      (i32.xor
        (i32.reinterpret_f32
          (select
            (local.tee 4
              (f32.reinterpret_i32 (i32.const 33554432) (br 0))
              (global.set 0
                (i64.xor
                  (i64.reinterpret_f64
                    (select
                      (local.tee 3 (block (type 3) (result f64) (f64.const 0x1.65d34c4762b6fp-942)))
                      (f64.const nan)
                      (f64.eq (local.get 3) (local.get 3))))
                  (global.get 0))))
            (f32.const nan)
            (f32.eq (local.get 4) (local.get 4))))
        (global.get 1))))
  (func (export "f1") (type 1) (param f32) (local funcref)
    (if (i32.lt_u (global.get 3) (i32.const 4)) (then (global.set 3 (i32.const 400)) (unreachable)))
    (global.set 3 (i32.sub (global.get 3) (i32.const 4)))
    (br 0)
    (try_table (type 0)
      (catch_all 0)
      (catch_all 0)
      (global.set 2 (i64.xor (i64.load8_u (i64.const -5625268484126587417)) (global.get 2)))))
  (func (export "f2") (type 4) (param v128) (local f32)
    (if (i32.lt_u (global.get 3) (i32.const 4)) (then (global.set 3 (i32.const 400)) (unreachable)))
    (global.set 3 (i32.sub (global.get 3) (i32.const 4)))
    (global.set 2 (i64.xor (i64.trunc_f32_u (f32.trunc (f32.floor (local.get 1)))) (global.get 2))))
  (func (export "f3") (type 1) (param f32) (local v128 i32 f64)
    (if (i32.lt_u (global.get 3) (i32.const 4)) (then (global.set 3 (i32.const 400)) (unreachable)))
    (global.set 3 (i32.sub (global.get 3) (i32.const 4)))
    (try_table
      (catch_all 0)
      (catch_all 0)
      (catch_all 0)
      (catch_all 0)
      (catch_all 0)
      (catch_all 0)
      (global.set 0
        (i64.xor
          (i64.reinterpret_f64
            (select
              (local.tee 3
                (block (type 3) (result f64)
                  (drop
                    (ref.null extern)
                    (global.set 0
                      (i64.xor
                        (i64.reinterpret_f64
                          (select
                            (local.tee 3 (f64.const -0x1.7365aeea7aee1p-451))
                            (f64.const nan)
                            (f64.eq (local.get 3) (local.get 3))))
                        (global.get 0))))
                  (f64.const 0x1.8a250fe9b5f52p-826)))
              (f64.const nan)
              (f64.eq (local.get 3) (local.get 3))))
          (global.get 0)))))
  (data (i64.const 7023626561227888375) "\c3")
  (data (i64.const 0) "")
  (export "g0" (global 0))
  (export "g1" (global 1))
  (export "g2" (global 2))
  (export "m0" (memory 0))
  (export "t0" (table 0))
  (export "t1" (table 1))
  (export "fuel" (global 3)))
;; gainsay-step: trap "out of bounds memory access" (module instance $a $A)
;; gainsay-step: absent (invoke $a "f0" (v128.const i32x4 0x9603eb20 0xd584e0ed 0xdc8d60f4 0x1155437e))
;; gainsay-step: absent (invoke $a "f1" (f32.const 0.00060681236))
;; gainsay-step: absent (invoke $a "f2" (v128.const i32x4 0xffffffff 0x00008000 0x00000000 0x0000007f))
;; gainsay-step: absent (invoke $a "f3" (f32.const 1.0))
