;; gainsay:format 1
(module definition $A
  (type (func (result i64)))
  (type (func))
  (type (func (param externref f32 externref i32 funcref) (result f64)))
  (type (func (param f64 f64) (result f32)))
  (type (func (result i64)))
  (type (func))
  (table i64 0 4 funcref)
  (memory i64 0 0)
  (global f32 (f32.const 0x1.86d61ap-123))
  (global (mut f64) (f64.const 0x1.8967ed5ab133dp-636))
  (global (mut i64) (i64.const 0))
  (global (mut i32) (i32.const 0))
  (global (mut i64) (i64.const 0))
  (global (mut i32) (i32.const 0))
  (global (mut i32) (i32.const 400))
  (start 0)
  (elem funcref
    (ref.func 2)
    (ref.func 1)
    (ref.func 2)
    (ref.func 0)
    (ref.func 1)
    (ref.func 3)
    (ref.func 3))
  (func (export "f0") (type 5)
    (if (i32.lt_u (global.get 6) (i32.const 4)) (then (global.set 6 (i32.const 400)) (unreachable)))
    (global.set 6 (i32.sub (global.get 6) (i32.const 4)))
    (loop
      (if
        (i32.lt_u (global.get 6) (i32.const 1))
        (then (global.set 6 (i32.const 400)) (unreachable)))
      (global.set 6 (i32.sub (global.get 6) (i32.const 1)))
      (call_indirect (type 5) (i64.const -2097153))
      (global.set 3
        (i32.xor
          (i32.load16_u (memory.size))
          (block (elem.drop 0))
          (global.set 2
            (i64.xor
              (i64.reinterpret_f64
                (if (result f64)
                  (i32.load16_s align=1 (table.size 0))
                  (then (elem.drop 0) (br 2) (f64.load align=2 (table.size 0)))
                  (else (f64.const 0x1.p-1048))))
              (global.get 2)))
          (global.get 3)))))
  (func (export "f1") (type 0) (result i64)
    (if (i32.lt_u (global.get 6) (i32.const 4)) (then (global.set 6 (i32.const 400)) (unreachable)))
    (global.set 6 (i32.sub (global.get 6) (i32.const 4)))
    (return_call 1)
    (i64.load32_u align=2 (i64.load8_s (i64.extend_i32_u (i32.load16_s align=1))))
    (block
      (block
        (return_call 1)
        (global.set 4
          (i64.xor
            (i64.load8_u)
            (global.set 3
              (i32.xor
                (i32.const -973982806)
                (global.set 2
                  (i64.xor
                    (i64.reinterpret_f64
                      (global.get 1)
                      (global.set 4
                        (i64.xor
                          (i64.extend16_s (table.size 0))
                          (global.set 4
                            (i64.xor
                              (loop (result i64)
                                (if
                                  (i32.lt_u (global.get 6) (i32.const 1))
                                  (then (global.set 6 (i32.const 400)) (unreachable)))
                                (global.set 6 (i32.sub (global.get 6) (i32.const 1)))
                                (table.size 0))
                              (global.get 4)))
                          (global.get 4))))
                    (global.get 2)))
                (global.get 3)))
            (global.get 4))))))
  (func (export "f2") (type 1)
    (if (i32.lt_u (global.get 6) (i32.const 4)) (then (global.set 6 (i32.const 400)) (unreachable)))
    (global.set 6 (i32.sub (global.get 6) (i32.const 4)))
    (br_if 0 (i32.const -1818506328))
    (data.drop 0)
    (drop
      (ref.null extern)
      (br 0)
      (return_call 2)
      (elem.drop 0)
      (global.set 5
        (i32.xor
          (i32.reinterpret_f32
            (f32.load align=1 (i64.extend8_s (memory.size)))
            (global.set 3
              (i32.xor
                (block (result i32)
                  (return_call 2)
                  (call 2)
                  (i32.const 1386569022)
                  (drop (ref.null func)))
                (global.get 3))))
          (global.get 5)))))
  (func (export "f3") (type 2) (param externref f32 externref i32 funcref) (result f64)
    (if (i32.lt_u (global.get 6) (i32.const 4)) (then (global.set 6 (i32.const 400)) (unreachable)))
    (global.set 6 (i32.sub (global.get 6) (i32.const 4)))
    (global.set 3
      (i32.xor
        (local.tee 3 (i32.clz (local.get 3) (elem.drop 0)))
        (drop
          (local.get 0)
          (local.set 3
            (i32.shr_u (i32.eqz (i32.load8_s (memory.size))) (i32.load align=2 (table.size 0))))
          (drop
            (block (result funcref)
              (data.drop 0)
              (global.set 4 (i64.xor (i64.const -3066559580773020885) (global.get 4)))
              (ref.null func))))
        (global.get 3)))
    (f64.const 1.9999999999999998))
  (data (i64.const 155106075445756753) "\abD")
  (export "g0" (global 0))
  (export "g1" (global 1))
  (export "g2" (global 2))
  (export "g3" (global 3))
  (export "g4" (global 4))
  (export "g5" (global 5))
  (export "m0" (memory 0))
  (export "t0" (table 0))
  (export "fuel" (global 6)))
;; gainsay-step: trap "out of bounds memory access" (module instance $a $A)
;; gainsay-step: absent (invoke $a "f0")
;; gainsay-step: absent (invoke $a "f1")
;; gainsay-step: absent (invoke $a "f2")
;; gainsay-step: absent (invoke $a "f3" (ref.null extern) (f32.const -16.0) (ref.null extern) (i32.const 17) (ref.null func))
;; gainsay-step: absent (invoke $a "f0")
;; gainsay-step: absent (invoke $a "f1")
;; gainsay-step: absent (invoke $a "f2")
;; gainsay-step: absent (invoke $a "f3" (ref.extern 6) (f32.const -2147483600.0) (ref.extern 5) (i32.const 255) (ref.null func))
