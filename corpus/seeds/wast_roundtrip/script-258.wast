;; gainsay:format 1
;; gainsay-step: sections import
(module definition $A
  (rec
    (type
      (struct
        (field (mut i16))
        (field (mut i16))
        (field i64)
        (field i8)
        (field f32)
        (field f32)
        (field (mut i64))
        (field (mut i8))
        (field anyref)
        (field i64)
        (field f64)
        (field (mut i8))
        (field i8)))
    (type
      (sub
        (struct
          (field (mut i16))
          (field (mut i16))
          (field i8)
          (field (mut i32))
          (field i64)
          (field (mut i8))
          (field (mut i8))
          (field (mut i16))
          (field (mut f64))
          (field (mut i16)))))
    (type
      (struct
        (field (mut f32))
        (field i8)
        (field i16)
        (field (mut f64))
        (field i8)
        (field (mut i16))
        (field (mut i8))
        (field i16)
        (field (mut i16))))
    (type (sub (struct (field f32) (field (mut f32)) (field i16))))
    (type
      (sub
        (struct
          (field (mut i8))
          (field (mut f32))
          (field i8)
          (field (mut i32))
          (field (mut i16))
          (field (mut i16)))))
    (type (sub (array i16))))
  (table i64 1 10 (ref null 3))
  (table i64 3 10 eqref
    (struct.new 0
      (i32.const 861179996)
      (i32.const -358423644)
      (i64.const 1794827378509378293)
      (i32.const 1193409481)
      (f32.const -0x1.079b3p-94)
      (f32.const -0x1.7ecb52p+119)
      (i64.const -5418940785383950940)
      (i32.const -1185627792)
      (struct.new_default 0)
      (i64.const -6607109107951112302)
      (f64.const 0x1.8b690fc095945p+230)
      (i32.const -1096327008)
      (i32.const -204707101)))
  (table i64 2 16 (ref null 3))
  (memory 1 1)
  (global (export "g0") i32 (i32.const -1077440576))
  (global (mut f32) (f32.const -0x1.6c52b2p-26))
  (global (export "g2") i64 (i64.const -323074160465220650))
  (global (mut i32) (i32.const 100))
  (elem (table 0) (i64.const 0) nullref)
  (export "m0" (memory 0))
  (export "t0" (table 0))
  (export "t1" (table 1))
  (export "t2" (table 2)))
(module instance $a $A)
