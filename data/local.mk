# Tables that users can print and replace.
