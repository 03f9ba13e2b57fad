;; gainsay:format 1
;; gainsay:known-bug wasmtime-cranelift 48.0.8 trophies/wasmtime-48.0.8-relaxed-laneselect-by-width.md
;; gainsay:known-bug wasmtime-pooling 48.0.8 trophies/wasmtime-48.0.8-relaxed-laneselect-by-width.md
;; One global parameter says what relaxed_laneselect does at every width of lanes
;; (§ exec/numerics, irelaxed_laneselect).
(module
  ;; 1 if a lane is chosen by the highest bit of its mask, 0 if each bit is by its own
  (func $i16x8 (result i32)
    (i16x8.relaxed_laneselect (v128.const i32x4 -1 -1 -1 -1) (v128.const i32x4 0 0 0 0)
      (i16x8.splat (i32.const 0x8000)))
    (i32.eq (i16x8.extract_lane_s 0) (i32.const -1)))
  (func $i32x4 (result i32)
    (i32x4.relaxed_laneselect (v128.const i32x4 -1 -1 -1 -1) (v128.const i32x4 0 0 0 0)
      (i32x4.splat (i32.const 0x80000000)))
    (i32.eq (i32x4.extract_lane 0) (i32.const -1)))
  (func (export "consistent") (result i32) (i32.eq (call $i16x8) (call $i32x4))))
(assert_return (invoke "consistent") (i32.const 1))
