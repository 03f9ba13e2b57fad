;; gainsay:format 1
;; gainsay-step: sections import
(module definition $A
  (table 9 10 funcref)
  (memory 1 2)
  (memory 1 2)
  (global i32 (i32.add (i32.const 63) (i32.const 11)))
  (global i64 (i64.sub (i64.const -7572200216777759974) (i64.const 41)))
  (global (mut f64) (f64.const -0x1.c468bfd396c29p+397))
  (global (mut i32) (i32.const 100))
  (func (export "f0") (param f32 i64) (result i32) (local i32 f32 i64)
    (if (i32.lt_u (global.get 3) (i32.const 4)) (then (global.set 3 (i32.const 100)) (unreachable)))
    (global.set 3 (i32.sub (global.get 3) (i32.const 4)))
    (global.set 2
      (f64.floor
        (block (result f64)
          (f64.min
            (f64.convert_i64_u (i64.shr_u (local.get 1) (i64.const 53)))
            (block (result f64)
              (drop
                (br_if 0
                  (f64.abs (f64.min (f64.const -12) (f64.const 0x1p+63)))
                  (i32.trunc_f32_s
                    (f32.convert_i32_s (i32.trunc_f32_u (f32.convert_i32_s (i32.const 18)))))))
              (drop
                (br_if 0
                  (block (result f64) (f64.const -0x1.8a5f107046326p-386))
                  (block (result i32)
                    (local.set 0
                      (f32.demote_f64
                        (f64.floor
                          (f64.convert_i32_s
                            (i32.trunc_f32_u (f32.convert_i32_s (i32.clz (local.get 2))))))))
                    (local.get 2))))
              (f64.promote_f32 (local.get 0)))))))
    (f64.ge (f64.const -0x1p+63) (f64.max (f64.trunc (f64.floor (global.get 2))) (f64.const 1))))
  (data (memory 1) (i32.const 40) "\a86\df\84\f1\ea?\92\a9\baP")
  (export "g0" (global 0))
  (export "g1" (global 1))
  (export "g2" (global 2))
  (export "m0" (memory 0))
  (export "m1" (memory 1))
  (export "t0" (table 0))
  (export "fuel" (global 3)))
(module instance $a $A)
(assert_return (invoke $a "f0" (f32.const -9.223372e18) (i64.const 255)) (i32.const 0))
(assert_return (get $a "g0") (i32.const 74))
