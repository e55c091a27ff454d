"""Who works here, what each may do, how they sign in, and the phones they carry."""
