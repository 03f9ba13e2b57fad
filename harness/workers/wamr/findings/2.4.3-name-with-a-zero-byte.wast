;; gainsay:format 1
;; wamr-fast and wamr-classic 2.4.3 reject ("invalid UTF-8 encoding"): a name with U+0000
;; (§ binary/values, names).
(module definition (func (export "\00")))
