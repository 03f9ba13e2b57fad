;; gainsay:format 1
;; gainsay:known-bug wasmtime-pulley 48.0.8 trophies/wasmtime-48.0.8-pulley-relaxed-dot-without-saturation.md
;; Sums of two products saturate to 16 bits (§ exec/numerics, vextternop: relaxed_dot_add is
;; the relaxed_dot, whose sums are those of ivdotsat, added in pairs).
(module
  ;; four times -128 * -128
  (func $sum (result i32)
    (i32x4.relaxed_dot_i8x16_i7x16_add_s (i8x16.splat (i32.const -128))
      (i8x16.splat (i32.const -128)) (i32x4.splat (i32.const 0)))
    i32x4.extract_lane 0)
  ;; two saturated sums of two products, the second operand read with or without its sign
  (func (export "permitted") (result i32)
    (i32.or (i32.eq (call $sum) (i32.const 65534)) (i32.eq (call $sum) (i32.const -65536)))))
(assert_return (invoke "permitted") (i32.const 1))
