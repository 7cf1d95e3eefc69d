package catalog

import (
	"fmt"
	"slices"
	"strings"
)

// affected checks one row of the version matrix.
func (c *checker) affected(path string, a *Affected) {
	c.text(path+".case", a.Case)
	if !a.Depends.IsZero() {
		c.text(path+".depends", a.Depends)
	}
	if len(a.When) == 0 {
		c.add(path+".when", "missing; give at least one condition")
	}
	for i := range a.When {
		c.condition(fmt.Sprintf("%s.when[%d]", path, i), &a.When[i])
	}
	if len(a.Sources) == 0 {
		c.add(path+".sources", "missing; name what says so")
	}
	for i, s := range a.Sources {
		c.url(fmt.Sprintf("%s.sources[%d]", path, i), s)
	}
}

// condition checks that the fields are those of the component's kind, and that
// every bound can be read: matching relies on it.
func (c *checker) condition(path string, cond *Condition) {
	switch cond.Component {
	case proxyComponent:
		c.names(path, cond, proxyModes)
		return
	case cniComponent:
		c.names(path, cond, cniNames)
		return
	case kernelComponent, kubernetesComponent, iptablesComponent:
	default:
		if !slices.Contains(cniNames, cond.Component) {
			c.add(path+".component", "%q is not known; use kernel, kubernetes, iptables, proxy, cni or one of %s",
				cond.Component, strings.Join(cniNames, ", "))
		}
	}
	if cond.Build != "" && !slices.Contains(cniNames, cond.Component) {
		c.add(path, "build is for network plugins; remove it")
	}
	if len(cond.In)+len(cond.Out) > 0 {
		c.add(path, "in and out are for proxy and cni; use from and fixed")
	}
	if cond.Component != kernelComponent && (cond.Plain || len(cond.Vendor) > 0) {
		c.add(path, "plain and vendor are for kernel; remove them")
	}
	if cond.From == "" && cond.Fixed == "" {
		c.add(path, "holds for every version; give from or fixed, or remove it")
	}
	for _, v := range append([]string{cond.From, cond.Fixed}, cond.Backports...) {
		if _, err := parseVersion(v); v != "" && err != nil {
			c.add(path, "%v", err)
		}
	}
	for i, b := range cond.Vendor {
		c.vendorBuild(fmt.Sprintf("%s.vendor[%d]", path, i), b)
	}
}

func (c *checker) names(path string, cond *Condition, known []string) {
	if cond.From != "" || cond.Fixed != "" || len(cond.Backports) > 0 || cond.Build != "" || cond.Plain || len(cond.Vendor) > 0 {
		c.add(path, "%s has names, no versions; use in and out", cond.Component)
	}
	if len(cond.In) == 0 {
		c.add(path+".in", "missing; name what the row applies to")
	}
	for _, name := range slices.Concat(cond.In, cond.Out) {
		if !slices.Contains(known, name) {
			c.add(path, "%q is not known; use one of %s", name, strings.Join(known, ", "))
		}
	}
}

func (c *checker) vendorBuild(path string, b VendorBuild) {
	if b == (VendorBuild{}) {
		c.add(path, "says nothing; give fixed, good or bad")
	}
	for _, release := range []string{b.Fixed, b.Good, b.Bad} {
		if release == "" {
			continue
		}
		if k, err := ParseKernel(release); err != nil || k.Vendor == "" {
			c.add(path, "%q is no vendor's kernel release; give it as uname -r prints it", release)
		}
	}
}
