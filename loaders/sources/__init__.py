"""Public data that the product carries. SOURCE.md says where it comes from and under which licence."""
