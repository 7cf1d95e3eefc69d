module github.com/pcapdiag/pcapdiag

go 1.26
