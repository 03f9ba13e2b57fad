;; gainsay:format 1
;; wasm3 0.5.0 refuses ("no operation found for opcode"): an operation on numbers in code that is
;; never reached (§ valid/instructions, unreachable code is typed polymorphically).
(module definition
  (memory 0)
  (func
    (drop
      (f64.const 0)
      (drop
        (block (result f32)
          (block
            (i64.store16
              (i32.const 0)
              (i64.extend8_s (i64.popcnt (i64.shr_u (i64.const 0) (br 0) (i64.const 0))))))
          (f32.const 0))))))
