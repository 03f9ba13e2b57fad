;; gainsay:format 1
;; gainsay-step: sections import data-count
(module definition $A
  (type (func (result f64)))
  (type (func (param externref f64 i64)))
  (type (func (result externref funcref)))
  (table i64 7 624 (ref null 0))
  (memory i64 0 0 shared)
  (memory i64 0 1)
  (memory i64 0 1)
  (tag (type 1) (param externref f64 i64))
  (global (mut f64) (f64.const 0x1.a61835d9a7d48p-27))
  (global (mut i64) (i64.const 0))
  (global (mut i32) (i32.const 0))
  (global (mut i64) (i64.const 0))
  (global (mut i32) (i32.const 0))
  (global (mut i32) (i32.const 400))
  (elem (table 0) (i64.const 3) (ref null 0))
  (func (export "f0") (type 2) (result externref funcref) (local f64)
    (if (i32.lt_u (global.get 5) (i32.const 4)) (then (global.set 5 (i32.const 400)) (unreachable)))
    (global.set 5 (i32.sub (global.get 5) (i32.const 4)))
    (global.set 4
      (i32.xor
        (i32.reinterpret_f32
          (f32.const -0x1.6f8046p+118)
          (global.set 3
            (i64.xor
              (i64.const 784606474901497127)
              (global.set 3
                (i64.xor
                  (i64.const -8819981916548716419)
                  (drop
                    (block (result v128)
                      (i32.const -571111710)
                      (global.set 1
                        (i64.xor
                          (i64.reinterpret_f64
                            (if (type 0) (result f64)
                              (f64.store align=1
                                (i64.extend_i32_s (i32.load16_u 1 align=1 (table.size 0)))
                                (local.get 0))
                              (then
                                (global.set 2
                                  (i32.xor
                                    (i32.const 65532)
                                    (global.set 1
                                      (i64.xor
                                        (i64.reinterpret_f64
                                          (global.get 0)
                                          (global.set 1
                                            (i64.xor
                                              (i64.reinterpret_f64
                                                (loop (type 0) (result f64)
                                                  (if
                                                    (i32.lt_u (global.get 5) (i32.const 1))
                                                    (then
                                                      (global.set 5 (i32.const 400))
                                                      (unreachable)))
                                                  (global.set 5
                                                    (i32.sub (global.get 5) (i32.const 1)))
                                                  (f64.const 0x1.80dfb092fea0cp+782)))
                                              (global.get 1))))
                                        (global.get 1)))
                                    (global.get 2)))
                                (f64.const 0x1.p-1073))
                              (else (f64.const inf))))
                          (global.get 1)))
                      (v128.const i32x4 0x5fabf5bd 0x374875ef 0x1a37c1c5 0xdc14b2b6)))
                  (global.get 3)))
              (global.get 3))))
        (global.get 4)))
    (ref.null extern)
    (ref.null func))
  (func (export "f1") (type 1) (param externref f64 i64) (local f64 f32 i32)
    (if (i32.lt_u (global.get 5) (i32.const 4)) (then (global.set 5 (i32.const 400)) (unreachable)))
    (global.set 5 (i32.sub (global.get 5) (i32.const 4)))
    (elem.drop 0)
    (call 0)
    (global.set 2
      (i32.xor
        (local.get 5)
        (drop
          (table.get 0 (local.tee 2 (i64.load16_u 2 (table.size 0))))
          (global.set 1
            (i64.xor
              (i64.reinterpret_f64
                (try_table (type 0) (result f64)
                  (catch_all 0)
                  (catch_all 0)
                  (catch_all 0)
                  (i32.trunc_f32_s (f32.const -430523.16))
                  (local.get 3)
                  (loop (type 2) (result externref funcref)
                    (if
                      (i32.lt_u (global.get 5) (i32.const 1))
                      (then (global.set 5 (i32.const 400)) (unreachable)))
                    (global.set 5 (i32.sub (global.get 5) (i32.const 1)))
                    (local.set 5 (i32.const -2146884674))
                    (ref.null extern)
                    (ref.null func))
                  (drop)
                  (drop)
                  (i64.reinterpret_f64)
                  (global.get 1)
                  (i64.xor)
                  (global.set 1)
                  (global.get 2)
                  (i32.xor)
                  (global.set 2)
                  (f64.const -nan:0xfffffffffffff)))
              (global.get 1))))
        (global.get 2)))
    (drop)
    (drop))
  (data (memory 2) (i64.const -8961953640300895304) "\ab")
  (data (memory 2) (i64.const 0) "")
  (export "g0" (global 0))
  (export "g1" (global 1))
  (export "g2" (global 2))
  (export "g3" (global 3))
  (export "g4" (global 4))
  (export "m0" (memory 0))
  (export "m1" (memory 1))
  (export "m2" (memory 2))
  (export "t0" (table 0))
  (export "e0" (tag 0))
  (export "fuel" (global 5)))
;; gainsay-step: trap "out of bounds memory access" (module instance $a $A)
;; gainsay-step: absent (invoke $a "f0")
;; gainsay-step: absent (invoke $a "f1" (ref.null extern) (f64.const 3.4028234663852886e38) (i64.const 15))
;; gainsay-step: absent (invoke $a "f0")
;; gainsay-step: absent (invoke $a "f1" (ref.null extern) (f64.const 3.5562277285537004e224) (i64.const 18))
